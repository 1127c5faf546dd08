//! Who did it.

use huying_chassis::log::Actor;
use huying_proto::common::v1 as common;

/// As the wire has it.
pub fn write(actor: Actor) -> common::Actor {
    common::Actor {
        subject: actor.subject,
        unit: actor.unit.unwrap_or_default(),
        name: actor.name.unwrap_or_default(),
    }
}
