//! What is out of reach is looked for no longer than what is not there: by as many look-ups.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::AtomicUsize},
};

use huying_chassis::{
    auth::Role,
    log::{Bounds, Committer, Log},
    service::{Parts, Seams, start},
};
use huying_intake::{SERVICE, grpc};
use huying_proto::intake::v1::{
    self as pb, archive_service_client::ArchiveServiceClient, card_service_client::CardServiceClient,
    forum_service_client::ForumServiceClient, offer_service_client::OfferServiceClient,
    person_service_client::PersonServiceClient, request_service_client::RequestServiceClient,
    risk_service_client::RiskServiceClient, visit_service_client::VisitServiceClient,
};
use huying_testing::{Wire, counted, looks, wire};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{
    card::issue,
    support::{DISTRICT, Town, call},
    tokens::filled,
    visits::key,
};

/// One more intake on the same database, as the desk of another street calls it, and how often it asks the store.
struct Counting {
    town: Town,
    address: SocketAddr,
    looks: Arc<AtomicUsize>,
}

impl Counting {
    async fn on(town: Town) -> Self {
        let (pool, looks) = counted(town.settings.database_url.expose());
        let (settings, stop) = (town.settings.clone(), town.stop.clone());
        let running = start(SERVICE, settings, Seams::default(), stop, move |base| {
            let (committer, _) = Committer::start(pool.clone(), Bounds::default());
            let app = huying_intake::wired(base, Log::new(pool, committer, base.clock.clone()))?;
            let served = grpc::served(Arc::new(app), base.limits.max_message_bytes);
            Ok(Parts { served, ..Parts::default() })
        });
        let address = running.await.unwrap().grpc;
        Self { town, address, looks }
    }

    fn wire(&self) -> Wire {
        self.wire_from("990101002")
    }

    fn wire_from(&self, area: &str) -> Wire {
        wire(self.address, self.town.bench.bearer(Role::Desk, Some("S-2"), Some(area)))
    }
}

/// The id of what there is one of.
async fn only(town: &Town, table: &str) -> String {
    let sql = AssertSqlSafe(format!("select id from {table}"));
    let id: Uuid = sqlx::query_scalar(sql).fetch_one(&town.pool().await).await.unwrap();
    id.to_string()
}

async fn of_a_request(at: &Counting, id: &str, number: &str) -> Vec<(&'static str, usize)> {
    let mut by = RequestServiceClient::new(at.wire());
    let mut persons = PersonServiceClient::new(at.wire());
    // In its district whoever takes calls joins others to it.
    let mut outside = RequestServiceClient::new(at.wire_from("990102001"));
    let (id, words, looked) = (|| id.to_owned(), || "还没修".to_owned(), &at.looks);
    let lines = (
        pb::ListAdditionsRequest { id: id(), ..Default::default() },
        pb::ListProgressRequest { id: id(), ..Default::default() },
    );
    let add = pb::AddInformationRequest { request_id: key(), id: id(), content: words() };
    let join = pb::JoinRequestRequest { request_id: key(), id: id(), ..Default::default() };
    let withdraw = pb::WithdrawRequestRequest { request_id: key(), id: id(), reason: words() };
    let tell = pb::TellProgressRequest { request_id: key(), id: id(), text: words() };
    let answer = pb::AnswerRequestRequest { request_id: key(), id: id(), answer: words() };
    let object = pb::RaiseObjectionRequest { request_id: key(), id: id(), reason: words() };
    let track = pb::TrackRequestRequest { number: number.into(), tracking_token: "x".into() };
    vec![
        looks("by its id", looked, by.get_request(pb::GetRequestRequest { id: id() })).await,
        looks("by its number", looked, by.get_request(pb::GetRequestRequest { id: number.into() })).await,
        looks("its additions", looked, by.list_additions(lines.0)).await,
        looks("its progress", looked, by.list_progress(lines.1)).await,
        looks("adding", looked, by.add_information(add)).await,
        looks("joining", looked, outside.join_request(join)).await,
        looks("withdrawing", looked, by.withdraw_request(withdraw)).await,
        looks("telling", looked, by.tell_progress(tell)).await,
        looks("answering", looked, by.answer_request(answer)).await,
        looks("objecting", looked, by.raise_objection(object)).await,
        looks("tracking", looked, by.track_request(track)).await,
        looks("its reporter", looked, persons.get_reporter(pb::GetReporterRequest { id: id() })).await,
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_25_a_request_out_of_reach_is_looked_for_as_one_that_is_not_there() {
    let town = Town::open().await;
    let there = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap();
    let at = Counting::on(town).await;
    let found = of_a_request(&at, &there.id, &there.number).await;
    assert_eq!(found, of_a_request(&at, &key(), "SY-20260302-999999").await);
    assert!(found.iter().all(|(_, looks)| *looks > 0), "{found:?}");
}

async fn of_visits(at: &Counting, visit: &str, archive: &str, risk: &str) -> Vec<(&'static str, usize)> {
    let looked = &at.looks;
    let mut visits = VisitServiceClient::new(at.wire());
    let mut archives = ArchiveServiceClient::new(at.wire());
    let mut risks = RiskServiceClient::new(at.wire());
    let mut persons = PersonServiceClient::new(at.wire());
    let (visit, archive, risk) = (|| visit.to_owned(), || archive.to_owned(), || risk.to_owned());
    let update = pb::UpdateArchiveRequest {
        request_id: key(),
        id: archive(),
        version: 1,
        needs: vec!["装扶手".into()],
        ..Default::default()
    };
    let oblige = pb::ObligeVisitRequest {
        request_id: key(),
        id: archive(),
        version: 1,
        reason: pb::DueReason::SafetyAccident.into(),
        on: huying_chassis::clock::system_now().date_naive().to_string(),
    };
    let settle =
        pb::SettleRiskRequest { request_id: key(), id: risk(), version: 1, outcome: "已调解".into() };
    vec![
        looks("a visit", looked, visits.get_visit(pb::GetVisitRequest { id: visit() })).await,
        looks("who was visited", looked, persons.get_visited(pb::GetVisitedRequest { id: visit() })).await,
        looks("an archive", looked, archives.get_archive(pb::GetArchiveRequest { id: archive() })).await,
        looks("updating it", looked, archives.update_archive(update)).await,
        looks("obliging a visit", looked, archives.oblige_visit(oblige)).await,
        looks("its people", looked, persons.get_occupant(pb::GetOccupantRequest { id: archive() })).await,
        looks("a risk", looked, risks.get_risk(pb::GetRiskRequest { id: risk() })).await,
        looks("settling it", looked, risks.settle_risk(settle)).await,
    ]
}

async fn of_forums(at: &Counting, forum: &str, offer: &str, card: &str) -> Vec<(&'static str, usize)> {
    let looked = &at.looks;
    let mut forums = ForumServiceClient::new(at.wire());
    let mut offers = OfferServiceClient::new(at.wire());
    let mut cards = CardServiceClient::new(at.wire());
    let mut persons = PersonServiceClient::new(at.wire());
    let (forum, offer, card) = (|| forum.to_owned(), || offer.to_owned(), || card.to_owned());
    let withdraw =
        pb::WithdrawOfferRequest { request_id: key(), id: offer(), version: 1, reason: "翻修".into() };
    let revoke = pb::RevokeCardRequest { request_id: key(), id: card(), version: 1, reason: "遗失".into() };
    let came = pb::GetParticipantsRequest { id: forum() };
    vec![
        looks("a forum", looked, forums.get_forum(pb::GetForumRequest { id: forum() })).await,
        looks("who came", looked, persons.get_participants(came)).await,
        looks("an offer", looked, offers.get_offer(pb::GetOfferRequest { id: offer() })).await,
        looks("taking it back", looked, offers.withdraw_offer(withdraw)).await,
        looks("whom to ask", looked, persons.get_contact(pb::GetContactRequest { id: offer() })).await,
        looks("a card", looked, cards.get_card(pb::GetCardRequest { id: card() })).await,
        looks("revoking it", looked, cards.revoke_card(revoke)).await,
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_25_so_is_everything_else_that_has_an_id() {
    let town = filled().await;
    let desk = wire(town.address, town.bench.bearer(Role::Desk, None, Some(DISTRICT)));
    let issued = CardServiceClient::new(desk).issue_cards(issue(1)).await.unwrap().into_inner();
    let card = issued.cards[0].id.clone();
    let [visit, archive, risk] =
        [only(&town, "visit").await, only(&town, "archive").await, only(&town, "risk").await];
    let (forum, offer) = (only(&town, "forum").await, only(&town, "offer").await);
    let at = Counting::on(town).await;
    let found = of_visits(&at, &visit, &archive, &risk).await;
    assert_eq!(found, of_visits(&at, &key(), &key(), &key()).await);
    assert!(found.iter().all(|(_, looks)| *looks > 0), "{found:?}");
    let found = of_forums(&at, &forum, &offer, &card).await;
    assert_eq!(found, of_forums(&at, &key(), &key(), &key()).await);
    assert!(found.iter().all(|(_, looks)| *looks > 0), "{found:?}");
}
