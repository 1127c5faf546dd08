//! Intake's doors, in evaluation's words.

use huying_proto::intake::v1 as pb;

use crate::domain::figure::Channel;

/// None: not given, or of a newer intake.
pub fn read(channel: pb::Channel) -> Option<Channel> {
    match channel {
        pb::Channel::Unspecified => None,
        pb::Channel::Online => Some(Channel::Online),
        pb::Channel::GridPatrol => Some(Channel::GridPatrol),
        pb::Channel::HomeVisit => Some(Channel::HomeVisit),
        pb::Channel::Forum => Some(Channel::Forum),
        pb::Channel::FromAbove => Some(Channel::FromAbove),
        pb::Channel::Hotline => Some(Channel::Hotline),
        pb::Channel::ServiceCard => Some(Channel::ServiceCard),
        pb::Channel::ResidentQr => Some(Channel::ResidentQr),
        pb::Channel::EnterpriseDesk => Some(Channel::EnterpriseDesk),
    }
}
