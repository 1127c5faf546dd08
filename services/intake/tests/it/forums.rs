//! 座谈: a forum is entered whole, its calls are requests that the host owes, its offers are offers.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{auth::Role, clock::system_now};
use huying_intake::domain::forum::{
    ForumChange, ForumKind, ForumRequest, Held, KeptParticipant, ParticipantKind,
};
use huying_proto::{
    common::v1::PriorityKind,
    intake::v1::{
        self as pb, forum_service_client::ForumServiceClient, offer_service_client::OfferServiceClient,
    },
};
use huying_testing::{Wire, golden::instant, reason, wire};
use uuid::Uuid;

use super::{
    samples::sealed_by,
    support::{DISTRICT, Town, profile},
};

pub const COMMUNITY: &str = "990101001001";

/// Held, and one who came is forgotten.
pub fn life() -> Vec<ForumChange> {
    let reason = "本人要求".into();
    vec![held(), ForumChange::Forgotten { participant: 0, people: sealed_by(18), reason }]
}

fn held() -> ForumChange {
    ForumChange::Held(Box::new(Held {
        district: DISTRICT.into(),
        area: COMMUNITY.into(),
        kind: ForumKind::RoundTable,
        place: "居民议事厅".into(),
        held_at: instant(0),
        host: "C-1".into(),
        topic: "停车".into(),
        participants: vec![KeptParticipant::Sealed { kind: ParticipantKind::Resident, forgotten: false }],
        people: Some(sealed_by(17)),
        requests: vec![ForumRequest {
            id: Uuid::from_u128(8),
            number: "SY-20260302-000009".into(),
            participant: Some(0),
        }],
        offers: vec![Uuid::from_u128(9)],
    }))
}

impl Town {
    /// Intake with the door forum open.
    pub async fn with_forums() -> Self {
        let town = Self::open().await;
        let mut with = profile();
        let rule = pb::ChannelRule { channel: pb::Channel::Forum.into(), ..with.channels[1].clone() };
        with.channels.push(rule);
        town.apply(with).await;
        town
    }

    pub fn forums(&self, role: Role, unit: Option<&str>, area: &str) -> ForumServiceClient<Wire> {
        ForumServiceClient::new(wire(self.address, self.bench.bearer(role, unit, Some(area))))
    }

    pub fn offers(&self, role: Role, unit: Option<&str>, area: &str) -> OfferServiceClient<Wire> {
        OfferServiceClient::new(wire(self.address, self.bench.bearer(role, unit, Some(area))))
    }

    /// The community, which holds forums.
    pub fn host(&self) -> ForumServiceClient<Wire> {
        self.forums(Role::Officer, Some("C-1"), COMMUNITY)
    }
}

pub fn offering() -> pb::OfferContent {
    pb::OfferContent {
        kind: pb::OfferKind::Service.into(),
        side: pb::OfferSide::ResidentUnit.into(),
        party: "某中学".into(),
        title: "周末开放操场".into(),
        contact: "总务处 82345678".into(),
        ..Default::default()
    }
}

/// As every answer but `GetContact`'s has it.
pub fn masked(content: pb::OfferContent) -> pb::OfferContent {
    pb::OfferContent { contact: "**".into(), ..content }
}

fn participant(name: &str, kind: pb::ParticipantKind) -> pb::Participant {
    pb::Participant {
        kind: kind.into(),
        name: name.into(),
        unit: "一号楼".into(),
        phone: "138 0013 8000".into(),
    }
}

fn at(when: DateTime<Utc>) -> Option<pbjson_types::Timestamp> {
    Some(huying_chassis::log_service::timestamp(when))
}

pub fn holding() -> pb::HoldForumRequest {
    pb::HoldForumRequest {
        request_id: Uuid::now_v7().to_string(),
        district: DISTRICT.into(),
        area: COMMUNITY.into(),
        kind: pb::ForumKind::RoundTable.into(),
        place: "居民议事厅".into(),
        hold_time: at(system_now() - TimeDelta::hours(3)),
        topic: "停车".into(),
        participants: vec![
            participant("某居民", pb::ParticipantKind::Resident),
            participant("某代表", pb::ParticipantKind::Delegate),
        ],
        calls: vec![
            pb::ForumCall {
                participant: 1,
                content: "晚上没有地方停车".into(),
                r#type: pb::RequestType::Suggestion.into(),
                concerns: vec![PriorityKind::Disabled.into()],
                ..Default::default()
            },
            pb::ForumCall { content: "楼道灯不亮".into(), ..Default::default() },
        ],
        offers: vec![offering()],
        ..Default::default()
    }
}

#[tokio::test]
async fn what_was_called_for_is_requests_that_the_host_owes() {
    let town = Town::with_forums().await;
    let request = holding();
    let forum = town.host().hold_forum(request.clone()).await.unwrap().into_inner();
    assert_eq!((forum.host.as_str(), forum.participant_count), ("C-1", 2));
    assert_eq!(forum.participants[1].phone, "+*********8000");
    let get = pb::GetParticipantsRequest { id: forum.id.clone() };
    let mut host = town.persons(Role::Officer, Some("C-1"), Some(COMMUNITY));
    let came = host.get_participants(get).await.unwrap().into_inner().participants;
    assert_eq!(came[1].phone, "+8613800138000");
    assert_eq!((forum.requests.len(), forum.offers.len()), (2, 1));

    let mut community = town.client(Role::Officer, Some("C-1"), Some(COMMUNITY));
    let get = pb::GetRequestRequest { id: forum.requests[0].id.clone() };
    let called = community.get_request(get).await.unwrap().into_inner();
    assert_eq!(
        (called.number.as_str(), called.source.as_str()),
        (forum.requests[0].number.as_str(), "圆桌夜聊")
    );
    assert_eq!((called.channel(), called.content.as_str()), (pb::Channel::Forum, "晚上没有地方停车"));
    assert_eq!(called.first_contact.unwrap().unit, "C-1");
    let reporter = town.reporter_of("C-1", &called.id).await.reporter.unwrap();
    assert_eq!((reporter.name.as_str(), reporter.phone.as_str()), ("某居民", "+8613800138000"));
    assert_eq!(called.concerns, [i32::from(PriorityKind::Disabled)]);
    let location = called.location.unwrap();
    assert_eq!((location.address.as_str(), location.area.as_str()), ("居民议事厅", COMMUNITY));

    let get = pb::GetOfferRequest { id: forum.offers[0].clone() };
    let mut offers = town.offers(Role::Officer, Some("C-1"), COMMUNITY);
    let offer = offers.get_offer(get).await.unwrap().into_inner();
    assert_eq!((offer.forum.as_str(), offer.content.unwrap()), (forum.id.as_str(), masked(offering())));

    // The same command again is answered and not done again.
    let again = town.host().hold_forum(request.clone()).await.unwrap().into_inner();
    assert_eq!((again, town.written().await), (forum.clone(), (2, 2)));
    let other = pb::HoldForumRequest { topic: "别的".into(), ..request };
    assert_eq!(reason(&town.host().hold_forum(other).await.unwrap_err()), "REQUEST_ID_REUSED");
}

#[tokio::test]
async fn who_came_is_for_the_host_and_the_desk() {
    let town = Town::with_forums().await;
    let id = town.host().hold_forum(holding()).await.unwrap().into_inner().id;
    let seen = async |role, unit, area| {
        let get = pb::GetForumRequest { id: id.clone() };
        let forum = town.forums(role, unit, area).get_forum(get).await.ok()?.into_inner();
        Some((forum.participants.len(), forum.participant_count))
    };
    assert_eq!(seen(Role::Officer, Some("C-1"), COMMUNITY).await, Some((2, 2)));
    assert_eq!(seen(Role::Desk, None, DISTRICT).await, Some((2, 2)));
    assert_eq!(seen(Role::Leader, None, DISTRICT).await, Some((0, 2)));
    assert_eq!(seen(Role::Officer, Some("C-2"), "990101001002").await, None);
    let mut community = town.host();
    let list = pb::ListForumsRequest { district: DISTRICT.into(), ..Default::default() };
    let listed = community.list_forums(list).await.unwrap().into_inner().forums;
    assert_eq!((listed.len(), listed[0].participants.len()), (1, 0));
}

#[tokio::test]
async fn all_of_it_or_nothing() {
    let town = Town::with_forums().await;
    let ten = |calls: usize| vec![pb::ForumCall { content: "停车".into(), ..Default::default() }; calls];
    for (what, wanted, wrong) in [
        (
            "in the future",
            "BAD_FIELD",
            pb::HoldForumRequest { hold_time: at(system_now() + TimeDelta::hours(1)), ..holding() },
        ),
        ("nowhere", "BAD_FIELD", pb::HoldForumRequest { area: "990102001001".into(), ..holding() }),
        ("of no kind", "BAD_FIELD", pb::HoldForumRequest { kind: 0, ..holding() }),
        ("too many calls", "BAD_FIELD", pb::HoldForumRequest { calls: ten(51), ..holding() }),
        (
            "a call of nobody who came",
            "BAD_FIELD",
            pb::HoldForumRequest {
                calls: vec![pb::ForumCall { participant: 3, content: "x".into(), ..Default::default() }],
                ..holding()
            },
        ),
        (
            "a call of nothing",
            "BAD_FIELD",
            pb::HoldForumRequest { calls: vec![pb::ForumCall::default()], ..holding() },
        ),
        ("another's", "OUTSIDE_UNIT", pb::HoldForumRequest { host: "C-2".into(), ..holding() }),
        (
            "elsewhere",
            "OUTSIDE_AREA",
            pb::HoldForumRequest {
                district: "990102".into(),
                area: "990102001001".into(),
                host: "C-1".into(),
                ..holding()
            },
        ),
    ] {
        let refused = town.host().hold_forum(wrong).await.unwrap_err();
        assert_eq!(reason(&refused), wanted, "{what}");
    }
    // The door is closed: a forum that led to nothing is taken, one with calls is not.
    town.apply(profile()).await;
    let refused = town.host().hold_forum(holding()).await.unwrap_err();
    assert_eq!((reason(&refused).as_str(), town.written().await), ("UNKNOWN_CHANNEL", (0, 0)));
    let quiet = pb::HoldForumRequest { calls: Vec::new(), ..holding() };
    assert!(town.host().hold_forum(quiet).await.unwrap().into_inner().requests.is_empty());
    // A desk enters any unit's.
    let other = pb::HoldForumRequest { host: "C-2".into(), calls: Vec::new(), ..holding() };
    let entered = town.forums(Role::Desk, None, DISTRICT).hold_forum(other).await.unwrap().into_inner();
    assert_eq!(entered.host, "C-2");
}

/// 江北: 67 forums at which 847 opinions were taken, here of 40 a forum at most; and pages that go through all of them.
#[tokio::test]
async fn the_counts_add_up() {
    let town = Town::with_forums().await;
    let mut host = town.host();
    for n in 0..7_usize {
        let kind = if n % 2 == 0 { pb::ForumKind::Talk } else { pb::ForumKind::NightMarket };
        let call = pb::ForumCall { content: "停车".into(), ..Default::default() };
        let hold_time = at(system_now() - TimeDelta::days(n as i64 + 1));
        let (kind, calls) = (kind.into(), vec![call; n + 1]);
        host.hold_forum(pb::HoldForumRequest { kind, calls, hold_time, ..holding() }).await.unwrap();
    }
    let count = |area: &str, days: i64| pb::CountForumsRequest {
        district: DISTRICT.into(),
        area: area.into(),
        from_time: at(system_now() - TimeDelta::days(days)),
        to_time: at(system_now()),
    };
    let mut leader = town.forums(Role::Leader, None, DISTRICT);
    let counted = leader.count_forums(count("", 30)).await.unwrap().into_inner();
    let told = |it: &pb::ForumCount| (it.kind(), it.forums, it.participants, it.requests, it.offers);
    let told: Vec<_> = counted.counts.iter().map(told).collect();
    assert_eq!(told, [(pb::ForumKind::NightMarket, 3, 6, 12, 3), (pb::ForumKind::Talk, 4, 8, 16, 4)]);
    assert!(!counted.more);
    assert_eq!(town.written().await.0, 28, "each opinion is a request");
    let sum = async |mut it: ForumServiceClient<Wire>, asked| {
        it.count_forums(asked).await.unwrap().into_inner().counts.iter().map(|it| it.forums).sum::<i64>()
    };
    assert_eq!(sum(leader.clone(), count(COMMUNITY, 3)).await, 2, "those of the last days");
    assert_eq!(sum(leader.clone(), count("990101002", 30)).await, 0, "none in the next street");
    let grid = format!("{COMMUNITY}001");
    assert_eq!(sum(leader.clone(), count(&grid, 30)).await, 0, "none in a grid");
    let wide = leader.count_forums(count("", 400)).await.unwrap_err();
    assert_eq!(reason(&wide), "BAD_FIELD");

    let (mut ids, mut page_token) = (Vec::new(), String::new());
    loop {
        let list = pb::ListForumsRequest {
            district: DISTRICT.into(),
            area: "990101001".into(),
            page_size: 3,
            page_token,
            ..Default::default()
        };
        let page = leader.list_forums(list).await.unwrap().into_inner();
        ids.extend(
            page.forums.iter().map(|it| (std::cmp::Reverse(it.hold_time.unwrap().seconds), it.id.clone())),
        );
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert!(ids.len() == 7 && ids.is_sorted(), "held last first");
}
