//! 便民服务卡、善治码: cards are issued, scanned and phoned by; whoever they name answers for what comes in.

use std::collections::BTreeSet;

use futures::future::join_all;
use huying_chassis::auth::Role;
use huying_proto::common::v1::PriorityKind;
use huying_proto::intake::v1::{self as pb, card_service_client::CardServiceClient};
use huying_testing::{Bearer, Wire, reason, wire};
use tonic::Code;
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::support::{DISTRICT, Town, profile};

pub const GRID: &str = "990101001001001";

pub struct Cards {
    pub town: Town,
    desk: CardServiceClient<Wire>,
    pub anyone: CardServiceClient<Wire>,
}

impl Cards {
    /// Where codes can be scanned.
    pub async fn open() -> Self {
        let card_rate = Some(pb::Rate { minute: 1000, hour: 1000 });
        Self::open_with(|profile| pb::IntakeProfile { card_rate, ..profile }).await
    }

    pub async fn open_with(change: impl Fn(pb::IntakeProfile) -> pb::IntakeProfile) -> Self {
        let town = Town::open().await;
        let mut profile = profile();
        profile.channels.push(pb::ChannelRule {
            channel: pb::Channel::ResidentQr.into(),
            name: "扫码说事".into(),
            ..Default::default()
        });
        profile.card_url = "https://h.example/c/".into();
        profile.units = ["G-1", "G-2"].map(str::to_owned).into();
        town.apply(change(profile)).await;
        let client = |bearer| CardServiceClient::new(wire(town.address, bearer));
        let (desk, anyone) =
            (client(town.bench.bearer(Role::Desk, None, Some(DISTRICT))), client(Bearer(None)));
        Self { town, desk, anyone }
    }

    fn cadre(&self, unit: &str, area: &str) -> CardServiceClient<Wire> {
        CardServiceClient::new(wire(
            self.town.address,
            self.town.bench.bearer(Role::Officer, Some(unit), Some(area)),
        ))
    }

    pub async fn issue(&mut self) -> pb::Card {
        self.desk.issue_cards(issue(1)).await.unwrap().into_inner().cards.remove(0)
    }

    async fn card(&mut self, id: &str) -> pb::Card {
        self.desk.get_card(pb::GetCardRequest { id: id.to_owned() }).await.unwrap().into_inner()
    }

    async fn list(&mut self, request: pb::ListCardsRequest) -> Vec<String> {
        let request = pb::ListCardsRequest { district: DISTRICT.into(), ..request };
        let (mut ids, mut page_token) = (Vec::new(), String::new());
        loop {
            let page = pb::ListCardsRequest { page_size: 2, page_token, ..request.clone() };
            let page = self.desk.list_cards(page).await.unwrap().into_inner();
            ids.extend(page.cards.into_iter().map(|card| card.id));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return ids;
            }
        }
    }

    async fn taken(&self, number: &str) -> pb::Request {
        let body: serde_json::Value = sqlx::query_scalar("select body from request where number = $1")
            .bind(number)
            .fetch_one(&self.town.pool().await)
            .await
            .unwrap();
        let get = pb::GetRequestRequest { id: body["id"].as_str().unwrap().to_owned() };
        self.town.officer().get_request(get).await.unwrap().into_inner()
    }
}

fn key() -> String {
    Uuid::now_v7().to_string()
}

pub fn issue(count: i32) -> pb::IssueCardsRequest {
    pb::IssueCardsRequest {
        request_id: key(),
        district: DISTRICT.into(),
        kind: pb::CardKind::ServiceCard.into(),
        area: GRID.into(),
        unit: "G-1".into(),
        cadre: "某某".into(),
        phone: "0990-82345678".into(),
        address: "一号楼门厅".into(),
        count,
    }
}

pub fn scan(code: &str) -> pb::SubmitByCardRequest {
    pb::SubmitByCardRequest {
        request_id: key(),
        code: code.to_owned(),
        content: "楼道灯不亮".into(),
        phone: "138 0013 8000".into(),
        address: "三楼".into(),
    }
}

fn replace(card: &pb::Card) -> pb::ReplaceCardRequest {
    pb::ReplaceCardRequest {
        request_id: key(),
        id: card.id.clone(),
        version: card.version,
        reason: "换了网格员".into(),
        unit: "G-2".into(),
        cadre: "新人".into(),
        phone: "0990-82345679".into(),
        address: String::new(),
    }
}

fn revoke(card: &pb::Card) -> pb::RevokeCardRequest {
    let (id, version) = (card.id.clone(), card.version);
    pb::RevokeCardRequest { request_id: key(), id, version, reason: "卡片遗失".into() }
}

/// Why, and whom to call instead.
fn revoked(status: &tonic::Status) -> (String, String) {
    let call = status.get_details_error_info().unwrap().metadata.get("call").cloned();
    (reason(status), call.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_issued_once_and_listed_by_area_state_and_batch() {
    let mut cards = Cards::open().await;
    let request = issue(5);
    let batch = cards.desk.issue_cards(request.clone()).await.unwrap().into_inner().cards;
    let codes: BTreeSet<_> = batch.iter().map(|card| card.code.as_str()).collect();
    assert_eq!((codes.len(), codes.iter().all(|code| code.len() == 22)), (5, true));
    assert!(batch.iter().all(|card| card.url == format!("https://h.example/c/{}", card.code)));
    let again = cards.desk.issue_cards(request).await.unwrap().into_inner().cards;
    assert_eq!(again, batch, "the same again issues nothing");

    let other = pb::IssueCardsRequest { area: "990101002".into(), unit: "G-2".into(), ..issue(1) };
    let other = cards.desk.issue_cards(other).await.unwrap().into_inner().cards.remove(0);
    cards.desk.revoke_card(revoke(&batch[1])).await.unwrap();
    let ids = |cards: &[pb::Card]| cards.iter().map(|card| card.id.clone()).collect::<Vec<_>>();
    let all = pb::ListCardsRequest::default;
    assert_eq!(cards.list(all()).await.len(), 6);
    assert_eq!(cards.list(pb::ListCardsRequest { area: "990101001".into(), ..all() }).await, ids(&batch));
    assert_eq!(
        cards.list(pb::ListCardsRequest { area: "990101002".into(), ..all() }).await,
        [other.id.as_str()]
    );
    let state = pb::CardState::Revoked.into();
    assert_eq!(cards.list(pb::ListCardsRequest { state, ..all() }).await, [batch[1].id.clone()]);
    let of_batch = pb::ListCardsRequest { batch: batch[0].batch.clone(), ..all() };
    assert_eq!(cards.list(of_batch.clone()).await, ids(&batch));
    let valid = pb::ListCardsRequest { state: pb::CardState::Valid.into(), ..of_batch };
    assert_eq!(cards.list(valid).await.len(), 4);

    let mut officer = cards.cadre("G-1", GRID);
    let seen = pb::ListCardsRequest { district: DISTRICT.into(), ..all() };
    assert_eq!(officer.list_cards(seen).await.unwrap().into_inner().cards.len(), 5, "those in their area");
    assert_eq!(
        reason(&officer.get_card(pb::GetCardRequest { id: other.id }).await.unwrap_err()),
        "NOT_FOUND"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scanned_code_becomes_a_request_at_its_place_and_counts_once() {
    let mut cards = Cards::open().await;
    let card = cards.issue().await;
    let resolve = pb::ResolveCardRequest { code: card.code.clone() };
    let face = cards.anyone.resolve_card(resolve).await.unwrap().into_inner();
    assert_eq!(
        (face.area.as_str(), face.cadre.as_str(), face.phone.as_str(), face.address.as_str()),
        (GRID, "某某", "0990-82345678", "一号楼门厅")
    );
    let sent = scan(&card.code);
    let receipt = cards.anyone.submit_by_card(sent.clone()).await.unwrap().into_inner();
    let again = cards.anyone.submit_by_card(sent.clone()).await.unwrap().into_inner();
    assert_eq!(again, receipt, "the same again is answered the same");
    let other = pb::SubmitByCardRequest { content: "另一件事".into(), ..sent };
    assert_eq!(reason(&cards.anyone.submit_by_card(other).await.unwrap_err()), "REQUEST_ID_REUSED");

    let request = cards.taken(&receipt.number).await;
    let location = request.location.clone().unwrap();
    assert_eq!((location.area.as_str(), location.address.as_str()), (GRID, "一号楼门厅 三楼"));
    assert_eq!((request.channel(), request.card.as_str()), (pb::Channel::ServiceCard, card.id.as_str()));
    assert_eq!(request.first_contact.unwrap().unit, "G-1", "whom the card names answers for it");
    assert_eq!(cards.town.reporter(&request.id).await.phone, "+8613800138000");
    let track = pb::TrackRequestRequest { number: receipt.number, tracking_token: receipt.tracking_token };
    assert!(cards.town.stranger().track_request(track).await.is_ok());

    let at_once = join_all((0..5).map(|_| {
        let (mut anyone, code) = (cards.anyone.clone(), card.code.clone());
        async move { anyone.submit_by_card(scan(&code)).await.unwrap() }
    }));
    at_once.await;
    let used = cards.card(&card.id).await;
    assert_eq!((used.uses, used.use_time.is_some()), (6, true), "each use counts once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_call_is_noted_by_the_cadre_who_answers_for_it_to_the_end() {
    let mut cards = Cards::open().await;
    let card = cards.issue().await;
    let note = pb::NoteCallRequest {
        request_id: key(),
        id: card.id.clone(),
        content: "水管漏水".into(),
        reporter: Some(pb::Reporter { phone: "13800138000".into(), ..Default::default() }),
        address: String::new(),
        concerns: vec![PriorityKind::LivingAlone.into()],
    };
    let mut cadre = cards.cadre("G-1", GRID);
    let noted = cadre.note_call(note.clone()).await.unwrap().into_inner();
    assert_eq!(cadre.note_call(note.clone()).await.unwrap().into_inner(), noted);
    let request = noted.request.unwrap();
    assert_eq!((request.channel(), request.card.as_str()), (pb::Channel::ServiceCard, card.id.as_str()));
    assert_eq!(
        request.concerns,
        [i32::from(PriorityKind::LivingAlone)],
        "whom it concerns, as the cadre says"
    );
    let first = request.first_contact.unwrap();
    assert_eq!((first.unit.as_str(), first.published), ("G-1", false));
    assert_eq!(request.location.unwrap().address, "一号楼门厅");
    assert_eq!(cards.card(&card.id).await.uses, 1);

    let mut colleague = cards.cadre("G-2", GRID);
    let by_another = pb::NoteCallRequest { request_id: key(), ..note.clone() };
    let refused = colleague.note_call(by_another.clone()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "NOT_CARD_UNIT"));
    let mut abroad = cards.cadre("G-9", "990101009");
    assert_eq!(reason(&abroad.note_call(by_another.clone()).await.unwrap_err()), "NOT_FOUND");
    let for_them = cards.desk.note_call(by_another).await.unwrap().into_inner().request.unwrap();
    assert_eq!(for_them.first_contact.unwrap().unit, "G-1", "the desk notes it for them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_that_counts_no_more_says_whom_to_call_and_takes_nothing() {
    let mut cards = Cards::open().await;
    let (first, lost) = (cards.issue().await, cards.issue().await);
    let sent = scan(&first.code);
    let receipt = cards.anyone.submit_by_card(sent.clone()).await.unwrap().into_inner();
    assert_eq!(reason(&cards.desk.replace_card(replace(&first)).await.unwrap_err()), "STALE_VERSION");
    let first = cards.card(&first.id).await;
    let request = replace(&first);
    let both = cards.desk.replace_card(request.clone()).await.unwrap().into_inner();
    assert_eq!(cards.desk.replace_card(request).await.unwrap().into_inner(), both);
    let (second, replaced) = (both.card.unwrap(), both.replaced.unwrap());
    assert_eq!(
        (replaced.state(), replaced.replaced_by.as_str()),
        (pb::CardState::Replaced, second.id.as_str())
    );
    assert_eq!((second.unit.as_str(), second.address.as_str()), ("G-2", "一号楼门厅"));
    assert_ne!(second.code, first.code);
    cards.desk.revoke_card(revoke(&lost)).await.unwrap();

    let before = cards.town.written().await;
    for (code, call) in [(&first.code, "新人 0990-82345679"), (&lost.code, "12345")] {
        let resolve = pb::ResolveCardRequest { code: code.clone() };
        let told = cards.anyone.resolve_card(resolve).await.unwrap_err();
        assert_eq!(revoked(&told), ("CARD_REVOKED".into(), call.into()));
        let told = cards.anyone.submit_by_card(scan(code)).await.unwrap_err();
        assert_eq!(revoked(&told), ("CARD_REVOKED".into(), call.into()));
    }
    let told = cards.desk.replace_card(replace(&replaced)).await.unwrap_err();
    assert_eq!(revoked(&told).0, "CARD_REVOKED");
    assert_eq!(revoked(&cards.desk.revoke_card(revoke(&replaced)).await.unwrap_err()).0, "CARD_REVOKED");
    assert_eq!(cards.town.written().await, before);
    let again = cards.anyone.submit_by_card(sent).await.unwrap().into_inner();
    assert_eq!(again, receipt, "what was taken before stays taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_that_were_never_given_are_all_alike() {
    let mut cards = Cards::open().await;
    cards.issue().await;
    let mut told = BTreeSet::new();
    for code in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", "' or 1=1 --", "q3J0cVx2T1m8sZr5YwKfLg/../"] {
        let resolve = pb::ResolveCardRequest { code: code.into() };
        let one = cards.anyone.resolve_card(resolve).await.unwrap_err();
        let other = cards.anyone.submit_by_card(scan(code)).await.unwrap_err();
        told.extend([one, other].map(|status| format!("{:?} {}", status.code(), status.message())));
    }
    assert_eq!(told.len(), 1, "{told:?}");
}

/// What a card of a kind leads to, scanned and phoned.
async fn leads_to(cards: &mut Cards, card: &pb::Card) -> [pb::Channel; 2] {
    let scanned = cards.anyone.submit_by_card(scan(&card.code)).await.unwrap().into_inner();
    let note = pb::NoteCallRequest {
        request_id: key(),
        id: card.id.clone(),
        content: "水管漏水".into(),
        ..Default::default()
    };
    let noted = cards.cadre("G-1", GRID).note_call(note).await.unwrap().into_inner();
    [cards.taken(&scanned.number).await.channel(), noted.request.unwrap().channel()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_card_is_issued_that_would_lead_nowhere() {
    use pb::Channel::{ResidentQr, ServiceCard};
    let without = |door: pb::Channel| {
        move |mut profile: pb::IntakeProfile| {
            profile.channels.retain(|rule| rule.channel() != door);
            profile
        }
    };
    let mut cards = Cards::open_with(without(ResidentQr)).await;
    let card = cards.issue().await;
    assert_eq!(leads_to(&mut cards, &card).await, [ServiceCard; 2], "each by the door of its kind");
    let mut cards = Cards::open_with(without(ServiceCard)).await;
    let code = pb::IssueCardsRequest { kind: pb::CardKind::ResidentQr.into(), ..issue(1) };
    let code = cards.desk.issue_cards(code).await.unwrap().into_inner().cards.remove(0);
    assert_eq!(leads_to(&mut cards, &code).await, [ResidentQr; 2]);
    assert_eq!(reason(&cards.desk.issue_cards(issue(1)).await.unwrap_err()), "UNKNOWN_CHANNEL");

    let mut cards = Cards::open_with(without(ResidentQr)).await;
    let mut told = Vec::new();
    for wrong in [
        pb::IssueCardsRequest { kind: pb::CardKind::ResidentQr.into(), ..issue(1) },
        pb::IssueCardsRequest { unit: "G-9".into(), ..issue(1) },
        pb::IssueCardsRequest { area: "990102001".into(), ..issue(1) },
        issue(0),
        issue(501),
    ] {
        told.push(reason(&cards.desk.issue_cards(wrong).await.unwrap_err()));
    }
    assert_eq!(told, ["UNKNOWN_CHANNEL", "UNKNOWN_UNIT", "BAD_FIELD", "BAD_FIELD", "BAD_FIELD"]);
    let mut abroad = cards.cadre("G-1", "990101009");
    assert_eq!(reason(&abroad.issue_cards(issue(1)).await.unwrap_err()), "OUTSIDE_AREA");
    assert_eq!(cards.list(pb::ListCardsRequest::default()).await, [""; 0]);
}
