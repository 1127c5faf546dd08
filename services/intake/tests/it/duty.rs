//! 首问负责: whoever takes a request tells its reporter how it goes at the district's intervals, and the answer in time; what is missed climbs.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{
    auth::Role,
    bus::{Bus, Event},
    clock::Clock,
    log::Decided,
};
use huying_intake::domain::{
    change::Change,
    request::{News, Request, Teller, Workers},
    state::State,
};
use huying_proto::{
    casework::v1 as casework,
    common::v1::{Limit, LimitKind},
    intake::v1 as pb,
};
use huying_testing::{after, eventually, golden::instant, reason};
use tonic::Code;
use uuid::Uuid;

use super::{
    domain::stamp,
    golden::{index, submitted},
    support::{DISTRICT, Town, call, profile},
    verified::tell,
};

fn days(days: i64) -> TimeDelta {
    TimeDelta::days(days)
}

fn then(request: &Request, decided: Decided<Change>) -> Request {
    let applied = |request, change: &Change| after(Some(request), change, &stamp()).unwrap();
    decided.changes().iter().fold(request.clone(), applied)
}

fn taken() -> Request {
    after(None, &submitted(), &stamp()).unwrap()
}

fn news(news: News) -> (Teller, News) {
    (
        Teller {
            case: Uuid::from_u128(2),
            holder: String::new(),
            due_at: None,
            workers: Vec::new(),
            parties: Vec::new(),
        },
        news,
    )
}

fn hear(request: &Request, (teller, news): (Teller, News), now: DateTime<Utc>) -> Request {
    then(request, request.hear(&teller, news, &index(), now))
}

/// Its clock begins anew when the reporter is told, when the answer is owed, and when it is worked on again; and ends with the answer.
#[test]
fn the_clock_runs_until_the_reporter_is_told() {
    let (now, settled) = (instant(0), News::Settled { answer: "已换灯".into(), attempt: 1 });
    let opened = hear(&taken(), news(News::Opened), now);
    assert_eq!(
        opened.first_contact.due_at,
        taken().first_contact.due_at,
        "no news that the reporter is told"
    );
    let told = then(&opened, opened.tell_progress("灯已买好".into(), &index(), now).unwrap());
    assert_eq!((told.first_contact.due_at, told.progress.len()), (Some(now + days(3)), 2));
    let owed = hear(&told, news(settled), now + days(1));
    assert_eq!((owed.state, owed.first_contact.due_at), (State::Answering, Some(now + days(2))));
    assert!(owed.tell_progress("快了".into(), &index(), now).is_err(), "the answer is owed, nothing less");
    let again = hear(&owed, news(News::Reopened { attempt: 2 }), now + days(2));
    assert_eq!(again.first_contact.due_at, Some(now + days(5)));
    let answered = then(&owed, owed.answer("已换灯".into()).unwrap());
    assert_eq!(answered.first_contact.due_at, None);
    let objected = answered.object(
        "还是不亮".into(),
        None,
        &Workers::default(),
        &index(),
        answered.first_contact.discharged_at.unwrap(),
    );
    assert!(then(&answered, objected.unwrap()).first_contact.due_at.is_some());
    let withdrawn = then(&told, told.withdraw(String::new(), None, &Workers::default()).unwrap());
    assert_eq!(withdrawn.first_contact.due_at, None);
}

/// Where notes are published the reporter reads them; a platform tells its callers by rules of its own until there is an answer.
#[test]
fn what_is_published_is_told_and_a_platform_owes_answers_alone() {
    let now = instant(0);
    let mut published = taken();
    published.first_contact.published = true;
    let noted = hear(&published, news(News::Opened), now);
    assert_eq!(noted.first_contact.due_at, Some(now + days(3)));
    let mut platform = taken();
    (platform.first_contact.unit, platform.first_contact.due_at) = (None, None);
    let owed = hear(&platform, news(News::Settled { answer: "已换灯".into(), attempt: 1 }), now);
    assert_eq!(owed.first_contact.due_at, Some(now + days(1)));
    let missed = then(&owed, owed.miss(&index(), now + days(1)));
    assert_eq!(missed.first_contact.climbed_to.as_deref(), Some("S-1"));
    let again = hear(&missed, news(News::Reopened { attempt: 2 }), now + days(2));
    assert_eq!((again.first_contact.due_at, again.first_contact.climbed_to), (None, None));
}

/// Each time one unit further up, and no further than there is one.
#[test]
fn a_missed_duty_climbs_to_the_top_and_stops() {
    let at = taken().first_contact.due_at.unwrap();
    assert_eq!(taken().miss(&index(), at - days(1)), Decided::AlreadyDone, "not yet");
    let once = then(&taken(), taken().miss(&index(), at));
    let first = &once.first_contact;
    assert_eq!(
        (first.missed, first.climbed_to.as_deref(), first.due_at),
        (1, Some("C-1"), Some(at + days(1)))
    );
    let twice = then(&once, once.miss(&index(), at + days(1)));
    assert_eq!(twice.first_contact.climbed_to.as_deref(), Some("S-1"));
    let thrice = then(&twice, twice.miss(&index(), at + days(2)));
    assert_eq!(
        (thrice.first_contact.climbed_to.as_deref(), thrice.first_contact.due_at),
        (Some("S-1"), None)
    );
    assert_eq!(thrice.first_contact.missed, 3);
    let told = then(&thrice, thrice.tell_progress("已在修".into(), &index(), at + days(2)).unwrap());
    assert_eq!((told.first_contact.missed, told.first_contact.climbed_to), (0, None));
    let gone = [("C-1".to_owned(), "C-2".to_owned())].into();
    assert_eq!(then(&once, once.succeed(&gone)).first_contact.climbed_to.as_deref(), Some("C-2"));
}

fn climbing() -> pb::IntakeProfile {
    let limit = |amount| Some(Limit { kind: LimitKind::NaturalDay.into(), amount });
    let superiors = [("G-1", "C-1"), ("C-1", "S-1")];
    pb::IntakeProfile {
        tell_every: limit(3),
        answer_within: limit(1),
        superiors: superiors.map(|(unit, above)| (unit.to_owned(), above.to_owned())).into(),
        platform_superior: "S-1".into(),
        ..profile()
    }
}

/// The grid team is silent: its community hears of it, then its street, which tells the reporter itself.
#[tokio::test]
async fn a_silent_first_contact_is_heard_of_above() {
    let clock = Clock::manual(instant(0));
    let town = Town::open_at(clock.clone()).await;
    town.apply(climbing()).await;
    let patrol = pb::SubmitRequestRequest { channel: pb::Channel::GridPatrol.into(), ..call() };
    let taken = town.officer().submit_request(patrol).await.unwrap().into_inner().request.unwrap();
    let due = taken.first_contact.unwrap().due_time.unwrap();
    assert_eq!(due.seconds, (instant(0) + days(3)).timestamp());

    let community = town.client(Role::Officer, Some("C-1"), Some("990101001001"));
    let words = pb::TellProgressRequest {
        request_id: Uuid::now_v7().to_string(),
        id: taken.id.clone(),
        text: "配件已到，明天安装".into(),
    };
    let early = community.clone().tell_progress(words.clone()).await.unwrap_err();
    assert_eq!((early.code(), reason(&early).as_str()), (Code::PermissionDenied, "NOT_FIRST_CONTACT"));

    let climbed = async |to: &str| {
        eventually("the duty climbs", async || {
            let list = pb::ListRequestsRequest {
                district: DISTRICT.into(),
                climbed_to: to.into(),
                ..Default::default()
            };
            let desk = town.client(Role::Desk, None, Some(DISTRICT));
            desk.clone().list_requests(list).await.ok()?.into_inner().requests.pop()
        })
        .await
    };
    clock.set(instant(0) + days(3));
    let heard = climbed("C-1").await;
    assert_eq!((heard.id.as_str(), heard.first_contact.unwrap().missed), (taken.id.as_str(), 1));
    clock.advance(Duration::from_secs(24 * 60 * 60));
    let first = climbed("S-1").await.first_contact.unwrap();
    assert_eq!((first.unit.as_str(), first.missed), ("G-1", 2));

    let gone = community.clone().tell_progress(words.clone()).await.unwrap_err();
    assert_eq!(reason(&gone), "NOT_FIRST_CONTACT", "it is the street's now");
    let mut street = town.client(Role::Officer, Some("S-1"), Some("990101001"));
    let wordless = pb::TellProgressRequest { text: String::new(), ..words.clone() };
    assert_eq!(reason(&street.tell_progress(wordless).await.unwrap_err()), "BAD_FIELD");
    let told = street.tell_progress(words.clone()).await.unwrap().into_inner();
    assert_eq!(told.progress.last().unwrap().text, "配件已到，明天安装");
    let first = told.first_contact.unwrap();
    assert_eq!((first.missed, first.climbed_to.as_str()), (0, ""));
    assert_eq!(first.due_time.unwrap().seconds, (instant(0) + days(7)).timestamp());
    assert_eq!(street.tell_progress(words).await.unwrap().into_inner().version, told.version);
}

/// A platform that is owed an answer to tell is heard of at the top; the number finds the request as its id does.
#[tokio::test]
async fn a_platforms_missed_answer_climbs_to_the_top() {
    let clock = Clock::manual(instant(0));
    let town = Town::open_at(clock.clone()).await;
    town.apply(climbing()).await;
    let hotline = pb::SubmitRequestRequest {
        channel: pb::Channel::Hotline.into(),
        external_id: "12345-1".into(),
        ..call()
    };
    let mut platform = town.client(Role::Platform, None, Some(DISTRICT));
    let taken = platform.submit_request(hotline).await.unwrap().into_inner().request.unwrap();
    assert_eq!(taken.first_contact.unwrap().due_time, None);
    let bus = Bus::connect(&town.bench.nats.url(), "test").await.unwrap();
    bus.ensure_stream("casework").await.unwrap();
    let (case, requests) = (Uuid::now_v7(), vec![taken.id.clone()]);
    let held = Some(casework::CaseRef { id: case.to_string(), requests, attempt: 1, ..Default::default() });
    let resolved = casework::CaseResolved { case: held, answer: "已换灯".into(), ..Default::default() };
    tell(&bus, case, 1, &Event::new("casework", &resolved).unwrap()).await;

    let get = pb::GetRequestRequest { id: taken.number.clone() };
    let is = async |state: &dyn Fn(&pb::Request) -> bool| {
        eventually("it comes so far", async || {
            let request = platform.clone().get_request(get.clone()).await.ok()?.into_inner();
            state(&request).then_some(request)
        })
        .await
    };
    let owed = is(&|it| it.state() == pb::RequestState::Answering).await;
    assert_eq!(owed.first_contact.unwrap().due_time.unwrap().seconds, (instant(0) + days(1)).timestamp());
    clock.set(instant(0) + days(1));
    let missed = is(&|it| it.first_contact.as_ref().is_some_and(|first| first.missed == 1)).await;
    assert_eq!(missed.first_contact.unwrap().climbed_to, "S-1");
}
