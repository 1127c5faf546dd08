//! Units that are called and read their dispatches from NATS: each from a durable consumer of its own, which holds only what is on its
//! subjects.

use anyhow::Context;
use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, pull},
};
use huying_chassis::bus::Bus;
use huying_proto::routing::v1::UnitKind;

use crate::profile::Profile;

/// The root of the stream that dispatches go out on.
pub const DISPATCH: &str = "dispatch";

/// A unit of a district.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    pub district: String,
    pub code: String,
}

impl Unit {
    /// Of its user, its consumer and its inbox: `420102-DEP-yuanlin`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.district, self.code)
    }

    /// The unit that [`name`](Self::name) was made of: a district's code is digits only.
    pub fn named(name: &str) -> Option<Self> {
        let (district, code) = name.split_once('-')?;
        let is_district = !district.is_empty() && district.bytes().all(|byte| byte.is_ascii_digit());
        let is_code = !code.is_empty()
            && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:-".contains(&byte));
        (is_district && is_code).then(|| Self { district: district.to_owned(), code: code.to_owned() })
    }

    /// Those of a place that a case may call.
    pub fn of(profile: &Profile) -> impl Iterator<Item = Self> {
        let called = |kind| match kind {
            UnitKind::Department | UnitKind::ResponseGroup | UnitKind::Utility => true,
            UnitKind::Unspecified
            | UnitKind::GridTeam
            | UnitKind::Community
            | UnitKind::Street
            | UnitKind::District => false,
        };
        let units = profile.routing.units.iter().filter(move |unit| called(unit.kind()));
        units.map(move |unit| Self { district: profile.district.clone(), code: unit.code.clone() })
    }

    /// What it hears.
    pub fn subjects(&self) -> String {
        format!("huying.{DISPATCH}.v1.*.{}.{}", self.district, self.code)
    }
}

/// Makes the consumers of units where they are missing. What a stream still holds is read by a new one from the oldest on.
///
/// # Errors
/// NATS away, no stream of dispatches yet, or a consumer of that name that is another.
pub async fn make(jetstream: &jetstream::Context, units: &[Unit]) -> anyhow::Result<()> {
    if units.is_empty() {
        return Ok(());
    }
    let stream = Bus::stream_name(DISPATCH);
    let stream =
        jetstream.get_stream(&stream).await.with_context(|| format!("there is no stream {stream}"))?;
    for unit in units {
        let config = pull::Config {
            durable_name: Some(unit.name()),
            filter_subject: unit.subjects(),
            ack_policy: AckPolicy::Explicit,
            ..pull::Config::default()
        };
        let made = stream.get_or_create_consumer(&unit.name(), config).await;
        made.with_context(|| format!("the consumer {} cannot be made", unit.name()))?;
    }
    Ok(())
}
