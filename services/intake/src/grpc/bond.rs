//! `BondService`: who keeps in touch with whom; and the bonds of a profile, well-formed.

use std::collections::BTreeSet;

use huying_chassis::{auth::Caller, page, validate::Violations};
use huying_proto::intake::v1::{self as pb, bond_service_server::BondService};
use huying_words::normal;
use tonic::{Request, Response, Status};

use super::{Rpc, placed};
use crate::{
    convert::bond as words,
    domain::bond::{Bond, BondKey, Bonds},
};

/// Most of a profile.
const MOST: usize = 20_000;

#[tonic::async_trait]
impl BondService for Rpc {
    async fn list_bonds(
        &self,
        request: Request<pb::ListBondsRequest>,
    ) -> Result<Response<pb::ListBondsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let officer = v.line("officer", &request.officer, 0..=50);
        v.token("unit", &request.unit, 0..=64);
        let object = normal(&v.line("object", &request.object, 0..=50));
        let kind = pb::BondKind::try_from(request.kind);
        let level = pb::BondLevel::try_from(request.level);
        let object_kind = pb::BondObject::try_from(request.object_kind);
        let known = [("kind", kind.is_ok()), ("level", level.is_ok()), ("object_kind", object_kind.is_ok())];
        for (field, known) in known {
            v.require(field, known, "must be one of the named values");
        }
        let area = placed::asked_area(&mut v, &request.district, &request.area);
        v.finish()?;
        let within = placed::reached(&caller, &request.district, &area)?;
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let wanted = Bonds {
            within,
            officer: some(officer),
            unit: some(request.unit),
            object,
            kind: kind.ok().and_then(words::kind_from),
            level: level.ok().and_then(words::level_from),
            object_kind: object_kind.ok().and_then(words::object_from),
        };
        let size = page::size(request.page_size)?;
        let after: Option<BondKey> = page::cursor(&request.page_token)?;
        let profile = self.app.profiles.get(&request.district).await?;
        let found = profile.bonds(&wanted, after.as_ref()).take(usize::try_from(size).unwrap_or_default());
        let found: Vec<&Bond> = found.collect();
        let show = |it| Some(words::bond(it));
        let (bonds, next_page_token) = page::shown(found.into_iter(), size, |last| last.key(), show);
        Ok(Response::new(pb::ListBondsResponse { bonds, next_page_token }))
    }
}

/// The bonds of a profile: each fits together, is there once, and is of a unit that there is.
pub fn bonds(v: &mut Violations, district: &str, given: &[pb::Bond], units: &BTreeSet<String>) -> Vec<Bond> {
    v.list_len("profile.bonds", given.len(), 0..=MOST);
    let (mut seen, mut read) = (BTreeSet::new(), Vec::new());
    for (n, it) in given.iter().take(MOST).enumerate() {
        let field = format!("profile.bonds[{n}]");
        let Some(bond) = bond(v, &field, district, it) else { continue };
        if let Some(wrong) = bond.wrong() {
            v.add(&field, wrong);
        }
        v.require(
            &field,
            units.is_empty() || units.contains(&bond.unit),
            "must be of a unit of this profile",
        );
        v.require(&field, seen.insert(bond.key()), "is there twice");
        read.push(bond);
    }
    read
}

fn bond(v: &mut Violations, field: &str, district: &str, it: &pb::Bond) -> Option<Bond> {
    let of = |what: &str| format!("{field}.{what}");
    let kind = v.enum_value::<pb::BondKind>(&of("kind"), it.kind).and_then(words::kind_from);
    let object_kind =
        v.enum_value::<pb::BondObject>(&of("object_kind"), it.object_kind).and_then(words::object_from);
    let level = pb::BondLevel::try_from(it.level);
    v.require(&of("level"), level.is_ok(), "must be one of the named values");
    let officer = v.line(&of("officer"), &it.officer, 0..=50);
    v.token(&of("unit"), &it.unit, 1..=64);
    let object = v.line(&of("object"), &it.object, 0..=100);
    v.digits(&of("area"), &it.area, &[6, 9, 12, 15]);
    v.require(&of("area"), it.area.starts_with(district), "must lie in the district");
    Some(Bond {
        kind: kind?,
        level: level.ok().and_then(words::level_from),
        officer,
        unit: it.unit.clone(),
        object_kind: object_kind?,
        object,
        area: it.area.clone(),
    })
}
