//! The small district's profile, as an operator applies it.

use huying_proto::{casework::v1 as pb, common::v1 as common};

use super::fresh;
use crate::fixture::{self, DISTRICT};

pub fn profile(dry_run: bool) -> pb::ApplyProfileRequest {
    let ours = fixture::profile();
    let span = |from: &str, to: &str| common::WorkSpan { from: from.into(), to: to.into() };
    let profile = pb::CaseworkProfile {
        district: DISTRICT.into(),
        top_tier: common::Tier::District.into(),
        calendar: Some(common::Calendar {
            zone: "Asia/Shanghai".into(),
            hours: vec![span("08:30", "12:00"), span("14:00", "17:30")],
            holidays: vec!["2026-10-01".into()],
            makeup_days: vec!["2026-10-10".into()],
        }),
        amber_percent: ours.amber_percent,
        dispatch_respond: Some(huying_wire::limit::write(ours.dispatch_respond)),
        dispatch_resolve: Some(huying_wire::limit::write(ours.dispatch_resolve)),
        groups: vec![group()],
        ..Default::default()
    };
    pb::ApplyProfileRequest { request_id: fresh(), profile: Some(profile), dry_run }
}

/// 专项响应组: its chair works in the group's own unit.
fn group() -> pb::ResponseGroup {
    let ours = fixture::response_group();
    let (code, name, class, chair, members) = (ours.code, ours.name, ours.class, ours.chair, ours.members);
    pb::ResponseGroup { code, name, class, chair, members }
}
