//! 开放空间、睦邻议事会: a meeting over cases, what each got out of it, and how many there were.

use chrono::{DateTime, TimeDelta, Utc};
use huying_casework::domain::{
    Case, Convene, Error, Meeting, MeetingState, Step as _,
    meeting::{
        MOST_OF_A_CASE, MeetingChange, Outcome, Party, PartyKind,
        step::{Cancel, Cancelled, Convened, Record, Recorded},
    },
};
use huying_chassis::{
    auth::Role,
    log::{Draft, Meta},
};
use huying_proto::casework::v1::{self as pb, meeting_service_client::MeetingServiceClient};
use huying_testing::{Wire, reason, wire};
use tonic::Code;
use uuid::Uuid;

use super::{
    fixture::{self as f, facts, morning, take},
    support::{Town, fresh},
};

const CASE: Uuid = Uuid::from_u128(3);

fn residents(people: u32) -> Party {
    Party { kind: PartyKind::Residents, name: String::new(), people }
}

pub fn convene(cases: &[Uuid]) -> Convene {
    Convene {
        district: f::DISTRICT.into(),
        area: f::COMMUNITY.into(),
        place: "社区二楼".into(),
        title: "睦邻议事会".into(),
        agenda: vec!["树怎么修".into()],
        cases: cases.to_vec(),
        parties: vec![residents(12)],
        starts_at: morning() + TimeDelta::hours(10),
    }
}

pub fn meeting() -> Meeting {
    let convened = convene(&[CASE]).decide(&[&f::case_at(&f::community())]).unwrap();
    huying_testing::after(None, &convened.into(), &f::stamp(morning())).unwrap()
}

fn record(cases: &[(Uuid, bool)]) -> Record {
    let outcome =
        |(case, settled): &(Uuid, bool)| (*case, Outcome { text: "秋后修剪".into(), settled: *settled });
    let outcomes = cases.iter().map(outcome).collect();
    Record { parties: vec![residents(9)], minutes: "都同意".into(), outcomes }
}

#[test]
fn it_is_about_open_cases_of_its_district() {
    let case = f::case_at(&f::community());
    assert!(convene(&[CASE]).decide(&[&case]).is_ok());
    let abroad = Case { district: "990102".into(), ..case.clone() };
    assert_eq!(convene(&[CASE]).decide(&[&case, &abroad]), Err(Error::OutsideArea));
    let closed = Case { state: huying_casework::domain::State::Closed, ..case.clone() };
    let why = Error::StepNotAllowed { step: "convene", state: "closed" };
    assert_eq!(convene(&[CASE]).decide(&[&closed]), Err(why));
    let often = Case { meetings: vec![CASE; MOST_OF_A_CASE], ..case };
    let why = Error::TooManyMeetings { most: MOST_OF_A_CASE };
    assert_eq!(convene(&[CASE]).decide(&[&often]), Err(why));
}

#[test]
fn it_is_recorded_once_it_began_with_an_outcome_of_each_case() {
    let (meeting, desk) = (meeting(), f::by(&f::community()));
    let later = facts().at(meeting.starts_at);
    let records = |record: Record, facts: &f::Facts| take(&meeting, &desk, &record, facts);
    let early = records(record(&[(CASE, true)]), &facts());
    assert_eq!(early, Err(Error::MeetingAhead { starts_at: meeting.starts_at }));
    let other = Uuid::from_u128(4);
    for outcomes in [vec![], vec![(other, true)], vec![(CASE, true), (other, true)], vec![(CASE, true); 2]] {
        let missing = records(record(&outcomes), &later);
        assert_eq!(missing, Err(Error::OutcomesMissing { cases: vec![CASE] }), "{outcomes:?}");
    }
    let recorded = records(record(&[(CASE, true)]), &later).unwrap();
    let held: Meeting =
        huying_testing::after(Some(meeting.clone()), &recorded[0], &f::stamp(later.now)).unwrap();
    assert_eq!((held.state, held.settled, held.parties[0].people), (MeetingState::Held, 1, 9));
    assert!(held.items[0].outcome.is_some());
    let cancel = take(&held, &desk, &Cancel { reason: "暴雨".into() }, &later);
    assert!(matches!(cancel, Err(Error::StepNotAllowed { .. })), "{cancel:?}");
    let stranger = take(&meeting, &f::leader("990101002"), &record(&[(CASE, true)]), &later);
    assert_eq!(stranger, Err(Error::OutsideArea));
    let (_, beside) = record(&[(CASE, true)]).take(&meeting, &desk, &later).unwrap();
    assert_eq!(beside.len(), 1, "its case is told");
}

fn client(town: &Town, role: Role, area: &str) -> MeetingServiceClient<Wire> {
    MeetingServiceClient::new(wire(town.address, town.bench.bearer(role, None, Some(area))))
}

fn at(time: DateTime<Utc>) -> Option<pbjson_types::Timestamp> {
    Some(huying_wire::instant::write(time))
}

fn asked(cases: &[&str]) -> pb::ConveneMeetingRequest {
    pb::ConveneMeetingRequest {
        request_id: fresh(),
        district: f::DISTRICT.into(),
        area: f::COMMUNITY.into(),
        place: "社区二楼".into(),
        title: "睦邻议事会".into(),
        agenda: vec!["树怎么修".into()],
        cases: cases.iter().map(|case| (*case).to_owned()).collect(),
        parties: vec![pb::Party { kind: pb::PartyKind::Residents.into(), name: String::new(), people: 12 }],
        start_time: at(morning() + TimeDelta::hours(10)),
    }
}

/// Convened about two cases, held, and told by each of them; another is called off.
#[tokio::test]
async fn a_meeting_is_held_over_two_cases() {
    let town = Town::open().await;
    let ((_, one), (_, two)) = (town.accepted(&f::street()).await, town.case_at(&f::community()).await);
    let mut office = client(&town, Role::Officer, f::COMMUNITY);
    let ask = asked(&[&one.id, &two.id]);
    let convened = office.convene_meeting(ask.clone()).await.unwrap().into_inner();
    assert_eq!(office.convene_meeting(ask.clone()).await.unwrap().into_inner(), convened, "once");
    assert_eq!((convened.state(), convened.items.len()), (pb::MeetingState::Convened, 2));
    assert_eq!(convened.items[0].number, one.number);
    let told = |meeting: &pb::Meeting| {
        meeting.steps.iter().map(|it| (it.step.clone(), it.reason.clone())).collect::<Vec<_>>()
    };
    let may = |record: &str, cancel: &str| {
        [("record", record), ("cancel", cancel)].map(|(step, why)| (step.to_owned(), why.to_owned()))
    };
    assert_eq!(told(&convened), may("MEETING_AHEAD", ""));

    let record = |settled: bool| pb::RecordMeetingRequest {
        request_id: fresh(),
        id: convened.id.clone(),
        version: convened.version,
        parties: ask.parties.clone(),
        minutes: "都同意".into(),
        outcomes: [&one.id, &two.id]
            .into_iter()
            .map(|case| pb::MeetingOutcome { case: case.clone(), outcome: "秋后修剪".into(), settled })
            .collect(),
    };
    let early = office.record_meeting(record(true)).await.unwrap_err();
    assert_eq!((early.code(), reason(&early).as_str()), (Code::FailedPrecondition, "MEETING_AHEAD"));
    town.clock.set(morning() + TimeDelta::hours(11));
    let mut missing = record(true);
    missing.outcomes.pop();
    assert_eq!(reason(&office.record_meeting(missing).await.unwrap_err()), "OUTCOMES_MISSING");
    let held = office.record_meeting(record(true)).await.unwrap().into_inner();
    assert_eq!((held.state(), held.settled), (pb::MeetingState::Held, 2));
    assert_eq!(told(&held), may("STEP_NOT_ALLOWED", "STEP_NOT_ALLOWED"));
    for id in [&one.id, &two.id] {
        assert_eq!(town.case(id).await.meetings, std::slice::from_ref(&convened.id));
        let get = pb::GetHistoryRequest { id: id.clone(), ..Default::default() };
        let history = town.desk().get_history(get).await.unwrap().into_inner().entries;
        let told = history.iter().find(|entry| entry.event == "CaseDeliberated").unwrap();
        assert_eq!(told.text, "睦邻议事会：秋后修剪（已解决）");
    }
    let events = town.events(&convened.id).await;
    assert_eq!(
        events.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(),
        ["MeetingConvened", "MeetingRecorded"]
    );
    assert!(!events[1].1.to_string().contains("同意"), "what was said there is in no event");

    let other = office.convene_meeting(asked(&[&two.id])).await.unwrap().into_inner();
    let (id, version) = (other.id.clone(), other.version);
    let cancel = pb::CancelMeetingRequest { request_id: fresh(), id, version, reason: "暴雨".into() };
    let cancelled = office.cancel_meeting(cancel).await.unwrap().into_inner();
    assert_eq!((cancelled.state(), cancelled.minutes.as_str()), (pb::MeetingState::Cancelled, "暴雨"));
    let list = |state: pb::MeetingState| pb::ListMeetingsRequest {
        district: f::DISTRICT.into(),
        state: state.into(),
        ..Default::default()
    };
    let listed = office.list_meetings(list(pb::MeetingState::Held)).await.unwrap().into_inner().meetings;
    assert_eq!(listed, [pb::Meeting { steps: Vec::new(), ..held }]);
}

/// An office convenes for its own area and about what it sees; residents are counted, never named.
#[tokio::test]
async fn who_may_convene_and_look_up() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::community()).await;
    let mut office = client(&town, Role::Officer, f::COMMUNITY);
    let wide = pb::ConveneMeetingRequest { area: f::STREET.into(), ..asked(&[&case.id]) };
    assert_eq!(reason(&office.convene_meeting(wide).await.unwrap_err()), "OUTSIDE_AREA");
    let absent = office.convene_meeting(asked(&[&fresh()])).await.unwrap_err();
    assert_eq!(absent.code(), Code::NotFound);
    let mut named = asked(&[&case.id]);
    named.parties[0].name = "张三".into();
    let twice = asked(&[&case.id, &case.id]);
    let alone = pb::ConveneMeetingRequest { parties: Vec::new(), ..asked(&[&case.id]) };
    for wrong in [named, twice, alone] {
        assert_eq!(reason(&office.convene_meeting(wrong).await.unwrap_err()), "BAD_FIELD");
    }
    let meeting = office.convene_meeting(asked(&[&case.id])).await.unwrap().into_inner();
    let get = pb::GetMeetingRequest { id: meeting.id.clone() };
    assert_eq!(office.get_meeting(get.clone()).await.unwrap().into_inner(), meeting);
    let mut abroad = client(&town, Role::Leader, "990101002");
    assert_eq!(abroad.get_meeting(get).await.unwrap_err().code(), Code::NotFound);
    let list = pb::ListMeetingsRequest { district: f::DISTRICT.into(), ..Default::default() };
    assert_eq!(abroad.list_meetings(list).await.unwrap().into_inner().meetings, []);
}

/// Haishu's open-space meetings: 110 held, 760 problems settled. 10 streets, the meetings spread over a year.
#[tokio::test]
async fn haishu_holds_110_meetings_and_settles_760_problems() {
    let town = Town::open().await;
    for n in 0..110_u32 {
        // 760 = 110 × 6 + 100: all but ten meetings settle seven of their eight, the ten six.
        hold(&town, &format!("990101{:03}001", n % 10 + 1), n, held(6 + usize::from(n < 100))).await;
    }
    // Outside the year, or called off: not counted.
    hold(&town, "990101001001", 800, held(7)).await;
    hold(&town, "990101001001", 20, |_| Cancelled { reason: "暴雨".into() }.into()).await;
    let mut leader = client(&town, Role::Leader, f::DISTRICT);
    let count = |area: &str| pb::CountMeetingsRequest {
        district: f::DISTRICT.into(),
        area: area.into(),
        from_time: at(morning()),
        until_time: at(morning() + TimeDelta::days(365)),
    };
    let counts = leader.count_meetings(count("")).await.unwrap().into_inner().counts;
    assert_eq!(counts.iter().map(|it| it.held).sum::<i64>(), 110);
    assert_eq!(counts.iter().map(|it| it.settled).sum::<i64>(), 760);
    assert_eq!(counts.iter().map(|it| it.cases).sum::<i64>(), 880);
    assert_eq!(counts.len(), 10, "by street");
    assert_eq!((counts[0].area.as_str(), counts[0].held), (f::STREET, 11));
    let below = leader.count_meetings(count(f::STREET)).await.unwrap().into_inner().counts;
    assert_eq!((below.len(), below[0].area.as_str(), below[0].held), (1, f::COMMUNITY, 11));
    let mut street = client(&town, Role::Officer, f::STREET);
    let own = street.count_meetings(count("")).await.unwrap().into_inner().counts;
    assert_eq!(own.iter().map(|it| it.held).sum::<i64>(), 11, "an office counts its own");
    let long = pb::CountMeetingsRequest { until_time: at(morning() + TimeDelta::days(400)), ..count("") };
    assert_eq!(reason(&leader.count_meetings(long).await.unwrap_err()), "BAD_FIELD");
}

/// A meeting that settled so many of its cases.
fn held(settled: usize) -> impl Fn(&[Uuid]) -> MeetingChange {
    let outcome =
        move |(n, case): (usize, &Uuid)| (*case, Outcome { text: "议定".into(), settled: n < settled });
    move |cases| {
        let outcomes = cases.iter().enumerate().map(outcome).collect();
        Recorded { parties: vec![residents(20)], minutes: "议定".into(), outcomes }.into()
    }
}

/// A meeting of the small district, so many days from the morning, on eight cases, and what became of it.
async fn hold(town: &Town, area: &str, day: u32, became: impl Fn(&[Uuid]) -> MeetingChange) {
    let (meta, at) = (Meta::of_service("casework"), morning() + TimeDelta::days(day.into()));
    let cases: Vec<Uuid> = (0..8).map(|_| Uuid::now_v7()).collect();
    let Convene { district, place, title, agenda, parties, .. } = convene(&[]);
    let numbered = cases.iter().map(|case| (*case, case.to_string())).collect();
    let convened = Convened {
        district,
        area: area.into(),
        place,
        title,
        agenda,
        cases: numbered,
        parties,
        starts_at: at,
    };
    let changes: [MeetingChange; 2] = [convened.into(), became(&cases)];
    let draft = Draft::new::<Meeting>(Uuid::now_v7(), &changes, &meta, at).unwrap().unwrap();
    town.app.log.append(draft.0.into()).await.unwrap();
}
