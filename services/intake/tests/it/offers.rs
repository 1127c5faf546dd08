//! 四个双向: what one side offers meets what the other needs, is done, and both say how it was.

use huying_chassis::{
    auth::Role,
    log::{Actor, Aggregate as _, Stamp},
};
use huying_intake::domain::offer::{
    Answers, Offer, OfferChange, OfferContent, OfferKind, OfferSide, OfferState, OfferStep, next,
};
use huying_intake::domain::personal::Personal;
use huying_proto::intake::v1 as pb;
use huying_testing::{golden::instant, reason};
use tonic::Code;
use uuid::Uuid;

use super::{
    forums::{COMMUNITY, offering},
    samples::sealed_by,
    support::{DISTRICT, Town, call},
};

/// Made at a forum, matched, released, matched again, done and rated; and taken back.
pub fn lives() -> [Vec<OfferChange>; 2] {
    let content = OfferContent {
        kind: OfferKind::Service,
        side: OfferSide::ResidentUnit,
        party: "某中学".into(),
        title: "周末开放操场".into(),
        text: "每周六上午".into(),
        contact: Personal::Sealed { sealed: sealed_by(19) },
        until: Some(instant(500)),
    };
    let made = |forum| OfferChange::Made {
        district: DISTRICT.into(),
        area: COMMUNITY.into(),
        content: Box::new(content.clone()),
        forum,
    };
    let matched = |id| OfferChange::Matched { with: Answers::Offer(Uuid::from_u128(id)) };
    let rated =
        OfferChange::Rated { side: OfferSide::Community, score: 5, comment: "孩子有地方去了".into() };
    [
        vec![
            made(Some(Uuid::from_u128(7))),
            matched(8),
            OfferChange::Released,
            matched(9),
            OfferChange::Done { result: "已开放".into(), contact_forgotten: true },
            rated,
        ],
        vec![made(None), OfferChange::Withdrawn { reason: "操场翻修".into() }],
    ]
}

#[test]
fn every_step_of_an_offer_in_every_state() {
    let table: String = OfferState::ALL
        .iter()
        .flat_map(|state| OfferStep::ALL.iter().map(move |step| (state, step)))
        .map(|(state, step)| {
            let leads = next(*state, *step).map_or("–", OfferState::name);
            format!("{:<9} {:<8} {leads}\n", state.name(), step.name())
        })
        .collect();
    insta::assert_snapshot!(table);
}

/// A build before this one kept whom to speak with when it was done: row and log say that still.
#[test]
fn only_what_says_so_forgets_whom_to_speak_with() {
    let [life, _] = lives();
    let stamp = Stamp { id: Uuid::from_u128(6), at: instant(0), actor: Actor::default() };
    let mut offer = Offer::first(&life[0], OfferState::Offered, &stamp).unwrap();
    let before: OfferChange = serde_json::from_str(r#"{"done":{"result":"已开放"}}"#).unwrap();
    offer.apply(&before, OfferState::Done, &stamp);
    assert!(offer.content.contact.is_said());
    offer.apply(&life[4], OfferState::Done, &stamp);
    assert!(!offer.content.contact.is_said());
}

fn key() -> String {
    Uuid::now_v7().to_string()
}

pub fn need() -> pb::OfferContent {
    pb::OfferContent {
        kind: pb::OfferKind::Need.into(),
        side: pb::OfferSide::Community.into(),
        party: "某社区".into(),
        title: "孩子没有地方运动".into(),
        ..Default::default()
    }
}

impl Town {
    pub async fn offered(&self, content: pb::OfferContent) -> pb::Offer {
        let make = pb::MakeOfferRequest {
            request_id: key(),
            district: DISTRICT.into(),
            area: COMMUNITY.into(),
            content: Some(content),
        };
        let mut community = self.offers(Role::Officer, Some("C-1"), COMMUNITY);
        community.make_offer(make).await.unwrap().into_inner()
    }

    pub async fn offer(&self, id: &str) -> pb::Offer {
        let get = pb::GetOfferRequest { id: id.into() };
        self.offers(Role::Desk, None, DISTRICT).get_offer(get).await.unwrap().into_inner()
    }
}

pub fn meet(offer: &pb::Offer, counterpart: &pb::Offer) -> pb::MatchOfferRequest {
    pb::MatchOfferRequest {
        request_id: key(),
        id: offer.id.clone(),
        version: offer.version,
        counterpart: counterpart.id.clone(),
        request: String::new(),
    }
}

pub fn complete(offer: &pb::Offer) -> pb::CompleteOfferRequest {
    let (id, version) = (offer.id.clone(), offer.version);
    pb::CompleteOfferRequest { request_id: key(), id, version, result: "操场周六开放".into() }
}

pub fn withdraw(offer: &pb::Offer) -> pb::WithdrawOfferRequest {
    let (id, version) = (offer.id.clone(), offer.version);
    pb::WithdrawOfferRequest { request_id: key(), id, version, reason: "操场翻修".into() }
}

fn rate(offer: &pb::Offer, side: pb::OfferSide, score: u32) -> pb::RateOfferRequest {
    pb::RateOfferRequest {
        request_id: key(),
        id: offer.id.clone(),
        version: offer.version,
        side: side.into(),
        score,
        comment: String::new(),
    }
}

#[tokio::test]
async fn an_offer_meets_a_need_is_done_and_both_sides_rate_it() {
    let town = Town::open().await;
    let mut community = town.offers(Role::Officer, Some("C-1"), COMMUNITY);
    let (offer, need) = (town.offered(offering()).await, town.offered(need()).await);
    assert_eq!((offer.state(), offer.unit.as_str()), (pb::OfferState::Offered, "C-1"));
    let early = community.complete_offer(complete(&offer)).await.unwrap_err();
    assert_eq!((early.code(), reason(&early).as_str()), (Code::FailedPrecondition, "STEP_NOT_ALLOWED"));

    let ask = meet(&offer, &need);
    let offer = community.match_offer(ask.clone()).await.unwrap().into_inner();
    assert_eq!((offer.state(), offer.counterpart.as_str()), (pb::OfferState::Matched, need.id.as_str()));
    let met = town.offer(&need.id).await;
    assert_eq!((met.state(), met.counterpart.as_str()), (pb::OfferState::Matched, offer.id.as_str()));
    assert_eq!(community.match_offer(ask).await.unwrap().into_inner(), offer, "the same command again");

    let stale = community.complete_offer(pb::CompleteOfferRequest { version: 1, ..complete(&offer) }).await;
    assert_eq!(reason(&stale.unwrap_err()), "STALE_VERSION");
    let offer = community.complete_offer(complete(&offer)).await.unwrap().into_inner();
    let met = town.offer(&need.id).await;
    assert_eq!((offer.state(), met.state()), (pb::OfferState::Done, pb::OfferState::Done));
    assert_eq!(met.result, "操场周六开放");

    for wrong in [0, 6] {
        let wrong = community.rate_offer(rate(&offer, pb::OfferSide::Community, wrong)).await.unwrap_err();
        assert_eq!(reason(&wrong), "BAD_FIELD");
    }
    let offer = community.rate_offer(rate(&offer, pb::OfferSide::Community, 5)).await.unwrap().into_inner();
    let again = community.rate_offer(rate(&offer, pb::OfferSide::Community, 1)).await.unwrap_err();
    assert_eq!(reason(&again), "RATED_ALREADY");
    let offer =
        community.rate_offer(rate(&offer, pb::OfferSide::ResidentUnit, 4)).await.unwrap().into_inner();
    let scores: Vec<_> = offer.ratings.iter().map(|it| (it.side(), it.score)).collect();
    assert_eq!(scores, [(pb::OfferSide::Community, 5), (pb::OfferSide::ResidentUnit, 4)]);
    let late = community.withdraw_offer(withdraw(&offer)).await.unwrap_err();
    assert_eq!(reason(&late), "STEP_NOT_ALLOWED");
}

#[tokio::test]
async fn what_is_taken_back_sets_the_other_free() {
    let town = Town::open().await;
    let mut community = town.offers(Role::Officer, Some("C-1"), COMMUNITY);
    let (offer, need) = (town.offered(offering()).await, town.offered(need()).await);
    let offer = community.match_offer(meet(&offer, &need)).await.unwrap().into_inner();
    let gone = community.withdraw_offer(withdraw(&offer)).await.unwrap().into_inner();
    assert_eq!((gone.state(), gone.counterpart.as_str()), (pb::OfferState::Withdrawn, ""));
    let free = town.offer(&need.id).await;
    assert_eq!((free.state(), free.counterpart.as_str()), (pb::OfferState::Offered, ""));
    let other = town.offered(offering()).await;
    // From the need's side too.
    let met = community.match_offer(meet(&free, &other)).await.unwrap().into_inner();
    assert_eq!(met.state(), pb::OfferState::Matched);
    let taken = community.match_offer(meet(&town.offered(offering()).await, &met)).await.unwrap_err();
    assert_eq!(reason(&taken), "STEP_NOT_ALLOWED");
}

#[tokio::test]
async fn what_does_not_go_together_is_refused() {
    let town = Town::open().await;
    let mut community = town.offers(Role::Officer, Some("C-1"), COMMUNITY);
    let (offer, second) = (town.offered(offering()).await, town.offered(offering()).await);
    let own = town.offered(pb::OfferContent { side: pb::OfferSide::ResidentUnit.into(), ..need() }).await;
    for wrong in [meet(&offer, &second), meet(&offer, &own), meet(&offer, &offer)] {
        assert_eq!(reason(&community.match_offer(wrong).await.unwrap_err()), "OFFERS_DIFFER");
    }
    let both = pb::MatchOfferRequest { request: key(), ..meet(&offer, &own) };
    assert_eq!(reason(&community.match_offer(both).await.unwrap_err()), "BAD_FIELD");

    // An offer answers a request, which whoever brings them together must see; a need is none.
    let request = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    let answer = |offer: &pb::Offer, request: &str| pb::MatchOfferRequest {
        counterpart: String::new(),
        request: request.into(),
        ..meet(offer, offer)
    };
    assert_eq!(reason(&community.match_offer(answer(&offer, &key())).await.unwrap_err()), "NOT_FOUND");
    assert_eq!(reason(&community.match_offer(answer(&own, &request)).await.unwrap_err()), "OFFERS_DIFFER");
    let met = community.match_offer(answer(&offer, &request)).await.unwrap().into_inner();
    assert_eq!((met.state(), met.request), (pb::OfferState::Matched, request));

    let mut elsewhere = town.offers(Role::Officer, Some("C-9"), "990101002001");
    let unseen = elsewhere.withdraw_offer(withdraw(&second)).await.unwrap_err();
    assert_eq!((unseen.code(), reason(&unseen).as_str()), (Code::NotFound, "NOT_FOUND"));
}

#[tokio::test]
async fn they_are_listed_by_area_kind_side_and_state() {
    let town = Town::open().await;
    let (offer, need) = (town.offered(offering()).await, town.offered(need()).await);
    let mut desk = town.offers(Role::Desk, None, DISTRICT);
    let list = |area: &str| pb::ListOffersRequest {
        district: DISTRICT.into(),
        area: area.into(),
        ..Default::default()
    };
    let mut ids = async |list: pb::ListOffersRequest| {
        let page = desk.list_offers(list).await.unwrap().into_inner();
        page.offers.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let both = [need.id.clone(), offer.id.clone()];
    for area in ["", DISTRICT, "990101001", COMMUNITY] {
        assert_eq!(ids(list(area)).await, both, "{area}");
    }
    assert_eq!(ids(list("990101002")).await, [""; 0]);
    assert_eq!(ids(list("990101001001001")).await, [""; 0], "a grid's own");
    let kind = pb::ListOffersRequest { kind: pb::OfferKind::Need.into(), ..list("") };
    assert_eq!(ids(kind).await, both[..1]);
    let side = pb::ListOffersRequest { side: pb::OfferSide::ResidentUnit.into(), ..list("") };
    assert_eq!(ids(side).await, both[1..]);
    let state = pb::ListOffersRequest { state: pb::OfferState::Done.into(), ..list("") };
    assert_eq!(ids(state).await, [""; 0]);
    let page = pb::ListOffersRequest { page_size: 1, ..list("") };
    let first = desk.list_offers(page.clone()).await.unwrap().into_inner();
    let next = pb::ListOffersRequest { page_token: first.next_page_token, ..page };
    assert_eq!(desk.list_offers(next).await.unwrap().into_inner().offers[0].id, offer.id);
}
