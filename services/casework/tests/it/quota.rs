//! What one caller notes in a day is bounded.

use huying_casework::{
    app::App,
    domain::{Case, case::step::Note},
};
use huying_proto::casework::v1 as pb;
use uuid::Uuid;

use super::{
    fixture as f,
    support::{Town, asked, fresh},
};

#[tokio::test]
async fn notes_are_bounded_by_caller_and_day() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::grid()).await;
    let id: Uuid = case.id.parse().unwrap();
    let app = App { notes_a_day: 2, ..town.app.clone() };
    let note = async |text: &str, request_id: &str, version| {
        let message = pb::AddNoteRequest {
            request_id: request_id.to_owned(),
            id: case.id.clone(),
            version,
            text: text.into(),
            public: false,
        };
        let meta = asked(&f::grid(), request_id, version, &message);
        let note = Note { text: text.into(), public: false };
        app.take::<Case, _>(id, &f::by(&f::grid()), &note, &meta).await.map(|(case, _)| case.version)
    };
    let first = fresh();
    assert_eq!(note("一", &first, 2).await.unwrap(), 3);
    assert_eq!(note("二", &fresh(), 3).await.unwrap(), 4);
    let refused = note("三", &fresh(), 4).await.unwrap_err();
    assert_eq!(refused.reason(), "QUOTA_SPENT");
    assert_eq!(note("一", &first, 2).await.unwrap(), 4, "a repeated one is answered");
}
