//! 承办人 and steps in bulk: who of a unit's people has what in hand, and many steps in one call.

use huying_casework::domain::{
    Error, Officer, State,
    case::step::{Accept, Appoint, Delegate},
};
use huying_proto::casework::v1::{self as pb, batch_result::Result as Went, batch_step::Step as Asked};

use super::{
    bad_input::fields,
    fixture::{self as f, Facts},
    support::{Town, accept, fresh},
};

fn officer(subject: &str) -> Option<Officer> {
    Some(Officer { subject: subject.into(), name: "王秀英".into() })
}

#[test]
fn a_unit_says_which_of_its_people_has_a_case_in_hand() {
    let case = f::case_at(&f::community());
    let appoint = Appoint { officer: officer("wxy") };
    let appointed = f::take(&case, &f::holder(&case), &appoint, &f::facts()).unwrap();
    let case = f::after(&case, appointed, f::morning());
    assert_eq!((case.officer.clone(), case.state), (officer("wxy"), State::Assigned));
    let again = f::take(&case, &f::holder(&case), &appoint, &f::facts()).unwrap();
    assert!(again.is_empty(), "it is so already");
    let refused = f::take(&case, &f::by(&f::grid()), &Appoint { officer: None }, &f::facts());
    assert!(matches!(refused, Err(Error::NotHolder { .. })), "{refused:?}");

    let accepted = f::take(&case, &f::holder(&case), &Accept, &f::facts()).unwrap();
    let case = f::after(&case, accepted, f::morning());
    assert_eq!(case.officer, officer("wxy"), "it stays while the unit holds it");
    let down = Delegate { unit: "G-1".into(), reason: "就近处置".into() };
    let facts = Facts { units: vec![f::grid()], ..f::facts() };
    let delegated = f::take(&case, &f::holder(&case), &down, &facts).unwrap();
    let case = f::after(&case, delegated, f::morning());
    assert_eq!(
        (case.holder.unit.as_str(), case.officer),
        ("G-1", None),
        "one unit's people are not another's"
    );
}

#[tokio::test]
async fn an_officer_has_an_inbox_of_their_own() {
    let town = Town::open().await;
    let (_, mine) = town.accepted(&f::street()).await;
    let (_, other) = town.accepted(&f::street()).await;
    let wang = pb::Officer { subject: "wxy".into(), name: "王秀英".into() };
    let appoint = |case: &pb::Case, officer: Option<pb::Officer>| pb::AppointOfficerRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        officer,
    };
    let mut street = town.of(&f::street());
    let mine = street.appoint_officer(appoint(&mine, Some(wang.clone()))).await.unwrap().into_inner();
    assert_eq!(mine.officer, Some(wang.clone()));
    let nameless = pb::Officer { name: "长".repeat(65), ..Default::default() };
    let refused = street.appoint_officer(appoint(&other, Some(nameless))).await.unwrap_err();
    assert_eq!(fields(&refused), ["officer.subject", "officer.name"]);

    let inbox = pb::ListCasesRequest {
        district: f::DISTRICT.into(),
        holder: "S-1".into(),
        officer: "wxy".into(),
        order: pb::CaseOrder::DueFirst.into(),
        ..Default::default()
    };
    let found = street.list_cases(inbox.clone()).await.unwrap().into_inner().cases;
    assert_eq!(found.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), [mine.id.as_str()]);

    // A called department hears that it is in somebody's hands, and not in whose; its own officer it names itself.
    let sent = town.call(&mine, &[f::parks()], "修剪").await.remove(0);
    for (event, data) in town.events(&mine.id).await {
        assert!(!data.to_string().contains("wxy") && !data.to_string().contains("王秀英"), "{event}");
    }
    let get = pb::GetCaseRequest { id: mine.id.clone() };
    assert_eq!(town.of(&f::parks()).get_case(get).await.unwrap().into_inner().officer, None);
    let mut parks = town.dispatches_of(&f::parks());
    let of_dispatch = pb::AppointDispatchOfficerRequest {
        request_id: fresh(),
        id: sent.id.to_string(),
        version: 1,
        officer: Some(wang.clone()),
    };
    let appointed = parks.appoint_dispatch_officer(of_dispatch).await.unwrap().into_inner();
    assert_eq!((appointed.state(), appointed.officer), (pb::DispatchState::Sent, Some(wang)));
    let mut list = pb::ListDispatchesRequest {
        district: f::DISTRICT.into(),
        officer: "wxy".into(),
        order: pb::DispatchOrder::DueFirst.into(),
        ..Default::default()
    };
    assert_eq!(parks.list_dispatches(list.clone()).await.unwrap().into_inner().dispatches.len(), 1);
    list.officer = "somebody".into();
    assert!(parks.list_dispatches(list).await.unwrap().into_inner().dispatches.is_empty());

    let mine = town.case(&mine.id).await;
    street.appoint_officer(appoint(&mine, None)).await.unwrap();
    assert!(street.list_cases(inbox).await.unwrap().into_inner().cases.is_empty(), "nobody has it any more");
}

#[tokio::test]
async fn each_step_of_a_batch_goes_as_its_own_rpc_would() {
    let town = Town::open().await;
    let grid = f::grid();
    let ((_, one), (_, two)) = (town.case_at(&grid).await, town.case_at(&grid).await);
    let (_, above) = town.case_at(&f::street()).await;
    let note = pb::AddNoteRequest {
        request_id: fresh(),
        id: one.id.clone(),
        version: one.version + 1,
        text: "已到场".into(),
        public: true,
    };
    let down = pb::DelegateCaseRequest {
        request_id: fresh(),
        id: two.id.clone(),
        version: two.version + 1,
        unit: "G-1".into(),
        reason: "就近处置".into(),
    };
    let steps = [
        Asked::Accept(accept(&one)),
        Asked::Note(note),
        Asked::Accept(accept(&above)),
        Asked::Accept(pb::AcceptCaseRequest { id: "x".into(), ..accept(&two) }),
        Asked::Accept(accept(&two)),
        Asked::Delegate(down),
    ];
    let steps = steps.map(|step| pb::BatchStep { step: Some(step) }).to_vec();
    let mut officer = town.of(&grid);
    let told = |answer: pb::BatchStepsResponse| -> Vec<String> {
        let results = answer.results.into_iter().filter_map(|it| it.result);
        let shown = |went| match went {
            Went::Case(case) => format!("{} {}", case.state().as_str_name(), case.version),
            Went::Refusal(refusal) => {
                assert!(!refusal.message.is_empty() && !refusal.status.is_empty());
                format!("{} {}", refusal.code, refusal.reason)
            }
        };
        results.map(shown).collect()
    };
    let batch = pb::BatchStepsRequest { steps };
    let first = told(officer.batch_steps(batch.clone()).await.unwrap().into_inner());
    let expected = [
        "CASE_STATE_WORKING 2",
        "CASE_STATE_WORKING 3",
        "7 NOT_HOLDER",
        "3 BAD_FIELD",
        "CASE_STATE_WORKING 2",
        "9 AT_LOWEST_TIER",
    ];
    assert_eq!(first, expected);
    let written = town.written().await;
    let again = told(officer.batch_steps(batch).await.unwrap().into_inner());
    assert_eq!(again[1..], expected[1..], "what was done is done once");
    assert_eq!(town.written().await, written);

    let none = officer.batch_steps(pb::BatchStepsRequest::default()).await.unwrap_err();
    assert_eq!(fields(&none), ["steps"]);
    let empty = pb::BatchStepsRequest { steps: vec![pb::BatchStep::default(); 101] };
    assert_eq!(fields(&officer.batch_steps(empty).await.unwrap_err())[..2], ["steps", "steps[0]"]);
}
