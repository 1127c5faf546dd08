//! 办结 as the trade records it: what must be said, who reads it, and what of it others are told.

use huying_casework::domain::{
    Handling,
    handling::{Contact, ContactMethod},
};
use huying_chassis::auth::Role;
use huying_proto::{
    casework::v1::{self as pb, HandlingField},
    common::v1::Solved,
};
use huying_testing::reason;
use tonic::Code;
use tonic_types::StatusExt as _;

use super::{
    arbitrate::called,
    fixture as f,
    support::{Town, fresh, profile, resolve},
};

const PHONE: &str = "+8613800138000";

/// Half-solved, with whom was spoken.
fn handling() -> pb::Handling {
    pb::Handling {
        claim_true: Some(true),
        beyond_duty: Some(false),
        contacted: Some(true),
        contact_name: "张三".into(),
        contact_phone: PHONE.into(),
        contact_method: pb::ContactMethod::Phone.into(),
        contact_time: Some(pbjson_types::Timestamp { seconds: 1_772_413_200, nanos: 0 }),
        solved: Solved::Partly.into(),
        unsolved_reason: "须停电作业".into(),
        work_done: "会同供电公司勘查".into(),
    }
}

/// The same, as it is kept and told: no name and no number.
fn masked() -> pb::Handling {
    pb::Handling { contact_name: "张**".into(), contact_phone: "+*********8000".into(), ..handling() }
}

fn with(case: &pb::Case, handling: pb::Handling) -> pb::ResolveCaseRequest {
    pb::ResolveCaseRequest { handling: Some(handling), ..resolve(case) }
}

/// A town whose profile demands something of the category of all cases here.
async fn demanding(fields: &[HandlingField]) -> Town {
    let town = Town::open().await;
    let mut apply = profile(false);
    let fields = fields.iter().map(|field| (*field).into()).collect();
    apply.profile.as_mut().unwrap().required = vec![pb::RequiredHandling { category: "C1".into(), fields }];
    town.operator().apply_profile(apply).await.unwrap();
    town
}

#[tokio::test]
async fn what_the_category_demands_must_be_said() {
    let fields = [HandlingField::ContactTime, HandlingField::Contacted, HandlingField::UnsolvedReason];
    let town = demanding(&fields).await;
    let (_, case) = town.accepted(&f::grid()).await;
    let (mut grid, before) = (town.of(&f::grid()), town.written().await);
    let told: Vec<_> = case.required_handling().collect();
    assert_eq!(told, [HandlingField::Contacted, HandlingField::ContactTime, HandlingField::UnsolvedReason]);
    let refused = grid.resolve_case(resolve(&case)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "HANDLING_REQUIRED"));
    assert_eq!(
        refused.get_details_error_info().unwrap().metadata["missing"],
        "contacted,contact_time,unsolved_reason"
    );
    assert_eq!(refused.get_details_bad_request().unwrap().field_violations[0].field, "handling");
    assert_eq!(town.written().await, before);

    // Nobody was contacted, so nobody asks when; what is solved has no reason why not.
    let said = pb::Handling { contacted: Some(false), solved: Solved::Yes.into(), ..pb::Handling::default() };
    let case = grid.resolve_case(with(&case, said.clone())).await.unwrap().into_inner();
    assert_eq!(case.handling, Some(said));
}

#[tokio::test]
async fn what_does_not_fit_together_is_refused() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::grid()).await;
    let (mut grid, before) = (town.of(&f::grid()), town.written().await);
    for wrong in [
        pb::Handling { contacted: None, ..handling() },
        pb::Handling { contacted: Some(false), ..handling() },
        pb::Handling { contact_phone: "1".repeat(65), ..handling() },
        pb::Handling { contact_method: 99, ..handling() },
        pb::Handling { contact_name: "x".repeat(65), ..handling() },
        pb::Handling {
            contact_time: Some(pbjson_types::Timestamp { seconds: i64::MAX, nanos: 0 }),
            ..handling()
        },
        pb::Handling { solved: 99, ..handling() },
        pb::Handling { solved: Solved::Yes.into(), ..handling() },
        pb::Handling { unsolved_reason: String::new(), ..handling() },
        pb::Handling { work_done: "x".repeat(2001), ..handling() },
    ] {
        let refused = grid.resolve_case(with(&case, wrong.clone())).await.unwrap_err();
        assert_eq!(reason(&refused), "BAD_FIELD", "{wrong:?}");
    }
    assert_eq!(town.written().await, before);
}

/// The offices read all of it; a called department, the event and the log's own change have nobody's name or number, and no inner words.
#[tokio::test]
async fn others_are_told_the_facts_alone() {
    let town = Town::open().await;
    let (case, sent) = called(&town).await;
    let back = pb::TakeBackDispatchRequest {
        request_id: fresh(),
        id: sent.id,
        version: sent.version,
        reason: "已自行处置".into(),
    };
    town.dispatches_of(&f::street()).take_back_dispatch(back).await.unwrap();
    let case = town.case(&case.id).await;
    let case = town.of(&f::street()).resolve_case(with(&case, handling())).await.unwrap().into_inner();
    assert_eq!(town.case(&case.id).await.handling, Some(masked()));

    let mut parks = town.client(Role::Department, Some("DEP-parks"), Some(f::DISTRICT));
    let seen = parks.get_case(pb::GetCaseRequest { id: case.id.clone() }).await.unwrap().into_inner();
    let seen = seen.handling.unwrap();
    assert_eq!((seen.claim_true, seen.solved()), (Some(true), Solved::Partly));
    let words = [&seen.contact_name, &seen.contact_phone, &seen.unsolved_reason, &seen.work_done];
    assert!(words.iter().all(|text| text.is_empty()) && seen.contact_time.is_none());

    let (name, event) = town.events(&case.id).await.pop().unwrap();
    assert_eq!(
        (name.as_str(), &event["claimTrue"], &event["contacted"]),
        ("CaseResolved", &true.into(), &true.into())
    );
    assert_eq!(event["solved"], "SOLVED_PARTLY");
    for inner in [PHONE, "张三", "须停电作业", "会同供电公司勘查"] {
        assert!(!event.to_string().contains(inner), "{inner}");
    }
    let sql = "select body -> 'change', body -> 'personal' from (select entry::jsonb as body from log where aggregate = $1 order by version desc limit 1) it";
    let id: uuid::Uuid = case.id.parse().unwrap();
    let (change, personal): (serde_json::Value, serde_json::Value) =
        sqlx::query_as(sql).bind(id).fetch_one(&town.pool).await.unwrap();
    assert!(!change.to_string().contains("8000") && personal.to_string().contains("+*********8000"));
    let kept = "select entry::text from log union all select body::text from \"case\"";
    let kept: Vec<String> = sqlx::query_scalar(kept).fetch_all(&town.pool).await.unwrap();
    assert!(
        !kept.iter().any(|it| it.contains(PHONE) || it.contains("张三")),
        "nothing is left to be forgotten"
    );

    // What an attempt before was told of stays in the history.
    let history = pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() };
    let again = pb::ReopenCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        reason: "没修完".into(),
    };
    let again = town.desk().reopen_case(again).await.unwrap().into_inner();
    assert_eq!(again.handling, None, "this attempt has none yet");
    let entries = town.desk().get_history(history).await.unwrap().into_inner().entries;
    let told: Vec<_> = entries.into_iter().filter_map(|entry| entry.handling).collect();
    assert_eq!(told, [masked()]);
}

/// What the log keeps is read for ever.
#[test]
fn it_is_kept_in_one_form() {
    let contact =
        Contact { name: "张三".into(), phone: PHONE.into(), method: Some(ContactMethod::Phone), at: None };
    let all = Handling {
        claim_true: Some(true),
        beyond_duty: Some(false),
        contacted: Some(true),
        contact: Some(contact),
        solved: Some(huying_terms::Solved::Partly),
        unsolved_reason: "须停电作业".into(),
        work_done: "会同供电公司勘查".into(),
    };
    let kept = serde_json::json!({
        "claim_true": true,
        "beyond_duty": false,
        "contacted": true,
        "contact": { "name": "张三", "phone": PHONE, "method": "phone", "at": null },
        "solved": "partly",
        "unsolved_reason": "须停电作业",
        "work_done": "会同供电公司勘查",
    });
    assert_eq!(serde_json::to_value(&all).unwrap(), kept);
    assert_eq!(serde_json::from_value::<Handling>(kept).unwrap(), all);
    let told = huying_casework::convert::handling::write(&all, true);
    assert_eq!(
        told,
        pb::Handling { contact_time: None, ..masked() },
        "what builds before kept in full is masked"
    );
    let nothing = serde_json::json!({});
    assert_eq!(serde_json::to_value(Handling::default()).unwrap(), nothing);
    assert_eq!(serde_json::from_value::<Handling>(nothing).unwrap(), Handling::default());
}
