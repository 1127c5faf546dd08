//! Who was visited is sealed in visits and archives, and forgotten with the request that was found there.

use huying_chassis::auth::Role;
use huying_proto::intake::v1::{self as pb, privacy_service_client::PrivacyServiceClient};
use huying_testing::{reason, wire};
use huying_words::{masked_name, masked_phone};

use super::{
    forgotten::{everything, forgetting, verified},
    support::{DISTRICT, Town},
    visits::{GRID, archives, household, issue, key, team, town},
};

const NAME: &str = "赵钱孙李";
const PHONE: &str = "13812345678";
const ADDRESS: &str = "乾坤巷九十九号";

fn visited(name: &str, contact: &str, address: &str) -> Option<pb::Visited> {
    Some(pb::Visited {
        name: name.into(),
        contact: contact.into(),
        address: address.into(),
        ..Default::default()
    })
}

async fn record(town: &Town, visited: Option<pb::Visited>) -> pb::Visit {
    // Where the matter is is no secret: routing is told.
    let mut found = issue("买不到药");
    found.location = Some(Default::default());
    let record = pb::RecordVisitRequest { visited, findings: vec![found], ..household("") };
    team(town).record_visit(record).await.unwrap().into_inner().visit.unwrap()
}

async fn archive(town: &Town, id: &str) -> pb::Visited {
    let get = pb::GetArchiveRequest { id: id.into() };
    let mut officer = archives(town, Role::Officer, Some("G-1"), GRID);
    officer.get_archive(get).await.unwrap().into_inner().visited.unwrap()
}

#[tokio::test]
async fn who_was_visited_is_sealed_and_forgotten() {
    let town = town().await;
    let first = record(&town, visited(NAME, PHONE, ADDRESS)).await;
    let second = record(&town, visited("", "", ADDRESS)).await;
    assert_eq!(first.archive, second.archive, "it is found by the hash of its address");
    let known = second.visited.clone().unwrap();
    assert_eq!(
        (known.name, known.contact),
        (masked_name(NAME), masked_phone(&format!("+86{PHONE}"))),
        "what is known is filled in"
    );
    let kept = everything(&town).await;
    for canary in [NAME, PHONE, ADDRESS] {
        assert!(!kept.contains(canary), "{canary} is kept as it is");
    }
    verified(&town, &["request", "visit", "archive"]).await;

    let update = pb::UpdateArchiveRequest {
        request_id: key(),
        id: first.archive.clone(),
        version: 0,
        visited: visited("周吴郑王", PHONE, ADDRESS),
        ..Default::default()
    };
    let mut officer = archives(&town, Role::Officer, Some("G-1"), GRID);
    let now = officer.get_archive(pb::GetArchiveRequest { id: first.archive.clone() }).await.unwrap();
    let update = pb::UpdateArchiveRequest { version: now.into_inner().version, ..update };
    let updated = officer.update_archive(update).await.unwrap().into_inner();
    assert_eq!(updated.visited.unwrap().name, masked_name("周吴郑王"));
    let mut persons = town.persons(Role::Officer, Some("G-1"), Some(GRID));
    let occupant = pb::GetOccupantRequest { id: first.archive.clone() };
    let known = persons.get_occupant(occupant.clone()).await.unwrap().into_inner().visited.unwrap();
    assert_eq!(known.name, "周吴郑王");

    let desk = wire(town.address, town.bench.bearer(Role::Desk, None, Some(DISTRICT)));
    let forget = forgetting(&first.found[0].id);
    PrivacyServiceClient::new(desk).forget_reporter(forget).await.unwrap();
    assert_eq!(archive(&town, &first.archive).await, pb::Visited::default(), "the archive knows nobody");
    let get = pb::GetVisitRequest { id: first.id.clone() };
    let seen = team(&town).get_visit(get).await.unwrap().into_inner();
    assert_eq!(seen.visited.unwrap(), pb::Visited::default());
    let asked = pb::GetVisitedRequest { id: first.id.clone() };
    assert_eq!(reason(&persons.get_visited(asked).await.unwrap_err()), "FORGOTTEN");
    assert_eq!(reason(&persons.get_occupant(occupant).await.unwrap_err()), "FORGOTTEN");
    verified(&town, &["request", "visit", "archive"]).await;

    // The other visit is another request's; and whoever is visited there next is learned anew.
    let get = pb::GetVisitRequest { id: second.id };
    assert_eq!(
        team(&town).get_visit(get).await.unwrap().into_inner().visited.unwrap().name,
        masked_name(NAME)
    );
    let third = record(&town, visited("另一居民", "", ADDRESS)).await;
    assert_eq!(third.archive, first.archive, "at one address is one household");
    assert_eq!(archive(&town, &first.archive).await.name, masked_name("另一居民"));
    verified(&town, &["request", "visit", "archive"]).await;
}
