//! Commands that meet: races, repetitions, profiles.

use huying_chassis::log::verify::Kind;
use huying_proto::casework::v1 as pb;
use huying_testing::{eventually, reason};
use uuid::Uuid;

use super::{
    fixture as f,
    support::{Town, accept, fresh, profile},
};

/// Two accept at once on the same version: one wins, the other is told that the case has moved on.
#[tokio::test]
async fn attack_37_of_two_at_once_one_wins() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    let (mut one, mut other) = (town.of(&f::grid()), town.of(&f::grid()));
    let (first, second) = tokio::join!(one.accept_case(accept(&case)), other.accept_case(accept(&case)));
    let (won, lost) = match (first, second) {
        (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
        both => panic!("one of {both:?}"),
    };
    assert_eq!(won.into_inner().version, 2);
    assert_eq!((lost.code(), reason(&lost).as_str()), (tonic::Code::Aborted, "STALE_VERSION"));
    assert_eq!(town.case(&case.id).await.version, 2);
}

#[tokio::test]
async fn the_same_command_again_gets_the_same_answer() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    let mut grid = town.of(&f::grid());
    let command = accept(&case);
    let first = grid.accept_case(command.clone()).await.unwrap().into_inner();
    let before = town.written().await;
    assert_eq!(grid.accept_case(command.clone()).await.unwrap().into_inner(), first);
    let (_, other) = town.case_at(&f::grid()).await;
    let reused = grid
        .accept_case(pb::AcceptCaseRequest { id: other.id.clone(), version: other.version, ..command })
        .await
        .unwrap_err();
    assert_eq!(reason(&reused), "REQUEST_ID_REUSED");
    let after = town.written().await;
    assert_eq!((after.0 - before.0, after.2 - before.2), (1, 1), "only the other case's opening");
}

#[tokio::test]
async fn a_profile_is_versioned_and_says_what_differs() {
    let town = Town::without_profile().await;
    let mut operator = town.operator();
    let dry = operator.apply_profile(profile(true)).await.unwrap().into_inner();
    assert_eq!((dry.version, dry.differences.is_empty()), (0, false));
    let first = profile(false);
    assert_eq!(operator.apply_profile(first.clone()).await.unwrap().into_inner().version, 1);
    assert_eq!(
        operator.apply_profile(first.clone()).await.unwrap().into_inner().version,
        1,
        "the same command once"
    );
    let same = operator.apply_profile(profile(false)).await.unwrap().into_inner();
    assert_eq!((same.version, same.differences.len()), (1, 0));
    let mut other = profile(false);
    other.profile.as_mut().unwrap().amber_percent = 70;
    let changed = operator.apply_profile(other).await.unwrap().into_inner();
    assert_eq!((changed.version, changed.differences), (2, vec!["~ amber_percent: 80 → 70".to_owned()]));
    eventually("both are told", async || {
        let told: pb::CaseworkProfileApplied =
            town.on_the_bus("casework", "huying.casework.v1.casework_profile_applied.990101").await;
        (told.version == 2).then_some(())
    })
    .await;
}

/// Replaying every log gives every row.
#[tokio::test]
async fn the_log_gives_the_rows() {
    let town = Town::open().await;
    let (request, case) = town.accepted(&f::grid()).await;
    let note = pb::AddNoteRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        text: "在路上".into(),
        public: false,
    };
    town.of(&f::grid()).add_note(note).await.unwrap();
    town.supplemented(request, "快").await;
    town.case_when("noted", &case.id, |case| case.notes == 2).await;
    for kind in [
        Kind::of::<huying_casework::domain::Case>(),
        Kind::of::<huying_casework::domain::Dispatch>(),
        Kind::of::<huying_casework::domain::Prelude>(),
    ] {
        let findings = kind.verify(&town.pool, Uuid::nil(), 100).await.unwrap();
        assert!(findings.faults.is_empty(), "{}: {:?}", kind.name, findings.faults);
    }
}
