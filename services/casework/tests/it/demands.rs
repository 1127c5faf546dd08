//! 处置权限: what the authority table demands of a case, besides what the profile demands of its category.

use huying_casework::{
    convert::demands,
    domain::{
        AttachmentKind as Kind, Case, Demands, Error, State, Unit,
        case::step::{Accept, Attached, Correct, Recategorise, Resolve, Routed},
        demands::Verifier,
    },
};
use huying_proto::routing::v1 as routing;
use uuid::Uuid;

use super::{
    allowed::photo,
    fixture::{self as f, after, case_at, facts, holder, morning, take},
};

const RESOLVE: fn() -> Resolve = || Resolve { answer: "好了".into(), handling: None };

fn demanded(demands: Demands) -> Case {
    let case = case_at(&f::grid());
    let accepted = after(&case, take(&case, &holder(&case), &Accept, &facts()).unwrap(), morning());
    Case { demands, ..accepted }
}

fn looked_at(verified: Verifier) -> Demands {
    Demands { evidence: Vec::new(), verified: Some(verified) }
}

#[test]
fn evidence_is_missing_that_only_the_table_demands() {
    let demands = Demands { evidence: vec![photo().kind], verified: None };
    let case = demanded(demands);
    let missing = Err(Error::EvidenceRequired { missing: vec![photo().kind] });
    assert_eq!(take(&case, &holder(&case), &RESOLVE(), &facts()).map(drop), missing);
    let case = after(&case, vec![Attached { file: photo() }.into()], morning());
    assert!(take(&case, &holder(&case), &RESOLVE(), &facts()).is_ok());
}

#[test]
fn whoever_the_table_names_looks_before_anybody_is_told() {
    let verifier = |demands, known: &f::Facts| {
        let case = demanded(demands);
        let case = after(&case, take(&case, &holder(&case), &RESOLVE(), known).unwrap(), morning());
        assert_eq!(case.state, State::Resolved);
        case.verifier.map(|it| it.unit)
    };
    let above = facts().above(f::community());
    assert_eq!(verifier(looked_at(Verifier::Superior), &above), Some(f::community().code));
    let named = Unit { code: "DEP-huanjing".into(), ..f::community() };
    let known = facts().units(std::slice::from_ref(&named));
    assert_eq!(verifier(looked_at(Verifier::Unit(named.code.clone())), &known), Some(named.code));
    assert_eq!(verifier(Demands::default(), &above), None);
}

#[test]
fn another_category_or_a_correction_demands_what_its_own_row_says() {
    let case = demanded(looked_at(Verifier::Superior));
    let demands = Demands { evidence: vec![Kind::Document], verified: None };
    let routed = Routed { demands: demands.clone(), ..f::routed(f::grid()) };
    let step = Recategorise { category: "C2".into(), reason: "是绿化".into() };
    let known = f::Facts { routed, ..facts() };
    let changed = after(&case, take(&case, &holder(&case), &step, &known).unwrap(), morning());
    assert_eq!(changed.demands, demands);
    let step = Correct { demands: Demands::default(), ..super::correct::to(&f::grid()) };
    let corrected = after(&changed, f::caused(&changed, &step, &known), morning());
    assert_eq!((corrected.opened_on, corrected.demands), (Uuid::from_u128(1), Demands::default()));
}

#[test]
fn what_routing_says_is_read_and_what_nobody_knows_is_passed_over() {
    let said = routing::Demands {
        evidence: vec!["after_photo".into(), "hologram".into()],
        verified: true,
        verifier: "DEP-huanjing".into(),
    };
    let row = routing::Authority { demands: Some(said), ..Default::default() };
    let read =
        Demands { evidence: vec![Kind::AfterPhoto], ..looked_at(Verifier::Unit("DEP-huanjing".into())) };
    assert_eq!(demands(Some(row)), read);
    assert_eq!(demands(None), Demands::default());
}
