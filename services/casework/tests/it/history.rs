//! Who did what: unit and person, told to whoever may read all of a case, and to nobody else.

use huying_casework::domain::Case;
use huying_chassis::{
    auth::{Claims, Role},
    log::read,
};
use huying_proto::{casework::v1 as pb, common::v1::Actor};
use huying_testing::{Bearer, wire};

use super::{
    fixture as f,
    support::{Client, Town, accept},
};

const NAME: &str = "王秀英";

#[tokio::test]
async fn a_history_names_unit_and_person_and_neither_row_nor_event_does() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::street()).await;
    let street = f::street();
    let claims = Claims::new("wxy", [Role::Officer]).name(NAME).unit(&street.code).area(&street.area);
    let mut officer = Client::new(wire(town.address, Bearer(Some(town.bench.token(&claims)))));
    let case = officer.accept_case(accept(&case)).await.unwrap().into_inner();
    town.call(&case, &[f::parks()], "修剪").await;

    let ask = pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() };
    let history = town.desk().get_history(ask.clone()).await.unwrap().into_inner().entries;
    let by: Vec<Actor> = history.into_iter().filter_map(|entry| entry.actor).collect();
    assert_eq!(by[0].name, "", "a service has none");
    assert_eq!(by[1], Actor { subject: "wxy".into(), unit: street.code, name: NAME.into() });
    let mut parks = town.client(Role::Department, Some("DEP-parks"), Some(f::DISTRICT));
    assert_eq!(parks.get_history(ask).await.unwrap_err().code(), tonic::Code::PermissionDenied);

    for (event, data) in town.events(&case.id).await {
        assert!(!data.to_string().contains(NAME), "{event}");
    }
    let id = case.id.parse().unwrap();
    let row: String = sqlx::query_scalar("select body::text from \"case\" where id = $1")
        .bind::<uuid::Uuid>(id)
        .fetch_one(&town.pool)
        .await
        .unwrap();
    assert!(!row.contains(NAME));
    let entries = read::entries_of(&town.pool, id, 2, 1).await.unwrap();
    assert!(entries[0].text.contains(NAME) && entries[0].decode::<Case>().is_ok());
    assert_eq!(entries[0].stamp().actor.name, None, "no fold can put it into a row");
}
