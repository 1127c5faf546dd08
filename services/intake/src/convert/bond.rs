//! Bonds.

use huying_proto::intake::v1 as pb;

use crate::domain::bond::{Bond, BondKind, BondLevel, BondObject};

/// Both ways of an enumeration that has the same words on both sides, and on the wire one more, unspecified.
macro_rules! same_words {
    ($write:ident, $read:ident, $type:ident: $($word:ident),+) => {
        fn $write(ours: $type) -> pb::$type {
            match ours {
                $($type::$word => pb::$type::$word),+
            }
        }

        /// None: unspecified.
        pub fn $read(theirs: pb::$type) -> Option<$type> {
            match theirs {
                pb::$type::Unspecified => None,
                $(pb::$type::$word => Some($type::$word)),+
            }
        }
    };
}
same_words!(kind, kind_from, BondKind: Contact, Adoption, Pairing);
same_words!(level, level_from, BondLevel: District, DepartmentHead, MiddleRank, Street);
same_words!(object, object_from, BondObject: Enterprise, Project, Talent, Grassroots, Household, Town);

pub fn bond(it: &Bond) -> pb::Bond {
    pb::Bond {
        kind: kind(it.kind).into(),
        level: it.level.map_or(pb::BondLevel::Unspecified, level).into(),
        officer: it.officer.clone(),
        unit: it.unit.clone(),
        object_kind: object(it.object_kind).into(),
        object: it.object.clone(),
        area: it.area.clone(),
    }
}
