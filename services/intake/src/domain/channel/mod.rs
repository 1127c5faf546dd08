//! The doors that requests come in by, each in its own file: what it is called, who may use it, what it asks for. How its answers go is the
//! district's to say, in its profile.
//!
//! A new door: its file, its line in the enum and in [`Channel::door`], and its value in the contract.

mod enterprise_desk;
mod forum;
mod from_above;
mod grid_patrol;
mod home_visit;
mod hotline;
mod online;
mod resident_qr;
mod service_card;

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::order::RequestType;

/// The door a request came in by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    Online,
    GridPatrol,
    HomeVisit,
    Forum,
    FromAbove,
    Hotline,
    ServiceCard,
    ResidentQr,
    EnterpriseDesk,
}

/// What a door is, in every district.
#[derive(Debug)]
pub struct Door {
    /// Whether a platform may send by it, if its token names the door. People who work here may use every door.
    pub platforms: bool,
    /// Whether it asks for a source, one of the profile's.
    pub sources: bool,
    /// The types of requests that it takes; none: all.
    pub types: &'static [RequestType],
}

/// Most doors: for everybody, and they ask for nothing more.
const OPEN: Door = Door { platforms: true, sources: false, types: &[] };

impl Channel {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }

    pub fn door(self) -> &'static Door {
        match self {
            Self::Online => &online::DOOR,
            Self::GridPatrol => &grid_patrol::DOOR,
            Self::HomeVisit => &home_visit::DOOR,
            Self::Forum => &forum::DOOR,
            Self::FromAbove => &from_above::DOOR,
            Self::Hotline => &hotline::DOOR,
            Self::ServiceCard => &service_card::DOOR,
            Self::ResidentQr => &resident_qr::DOOR,
            Self::EnterpriseDesk => &enterprise_desk::DOOR,
        }
    }
}
