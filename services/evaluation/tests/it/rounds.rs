//! Rounds of interviews: drawn, handed out, collected, reported on and closed.

use std::{collections::BTreeSet, time::Duration};

use futures::future::join_all;
use huying_chassis::auth::{CITY, Role};
use huying_evaluation::domain::round::MOST;
use huying_proto::evaluation::v1::{
    self as pb,
    InterviewOutcome::{Answered, Refused, Unreachable},
    InterviewState::{Reserve, Waiting},
    RoundState, Satisfaction, StrataBy,
};
use huying_testing::{eventually, reason};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::support::{Case, DISTRICT, HOLDER, Rounds, World, judging, monday, verdict};

/// A round over the Monday of the tests.
pub fn beginning(sample: i32, strata_by: StrataBy) -> pb::BeginRoundRequest {
    pb::BeginRoundRequest {
        request_id: Uuid::now_v7().to_string(),
        district: DISTRICT.into(),
        name: "十一月抽查".into(),
        population: Some(pb::Population {
            from_date: "2026-11-23".into(),
            to_date: "2026-11-23".into(),
            ..Default::default()
        }),
        sample,
        seed: "seed-1".into(),
        strata_by: strata_by.into(),
        due_date: "2026-11-30".into(),
    }
}

pub fn listing(round: &pb::Round) -> pb::ListInterviewsRequest {
    let (district, round) = (round.district.clone(), round.id.clone());
    pb::ListInterviewsRequest { district, round, page_size: 200, ..Default::default() }
}

pub async fn interviews(rounds: &mut Rounds, of: pb::ListInterviewsRequest) -> Vec<pb::Interview> {
    rounds.list_interviews(of).await.unwrap().into_inner().interviews
}

pub fn recording(of: &pb::Interview, outcome: pb::InterviewOutcome) -> pb::RecordInterviewRequest {
    pb::RecordInterviewRequest {
        request_id: Uuid::now_v7().to_string(),
        id: of.id.clone(),
        version: of.version,
        outcome: outcome.into(),
        verdict: (outcome == Answered).then(|| verdict(true, Satisfaction::Satisfied)),
        note: String::new(),
        replace: false,
    }
}

pub fn handing(round: &pb::Round, units: &[&str]) -> pb::HandOutRequest {
    let of = |unit: &&str| pb::Interviewer { unit: (*unit).to_owned(), subject: String::new() };
    pb::HandOutRequest {
        request_id: Uuid::now_v7().to_string(),
        id: round.id.clone(),
        version: round.version,
        interviewers: units.iter().map(of).collect(),
        interviews: Vec::new(),
    }
}

pub fn closing(round: &pb::Round) -> pb::CloseRoundRequest {
    let (request_id, id) = (Uuid::now_v7().to_string(), round.id.clone());
    pb::CloseRoundRequest { request_id, id, version: round.version }
}

/// Resolves a case of each of these units; waits for the callbacks.
pub async fn resolving(world: &World, of: &[(&str, &str, usize)]) -> Vec<Case> {
    let mut cases = Vec::new();
    for (unit, area, count) in of {
        for _ in 0..*count {
            let case = Case { district: area[..6].into(), ..Case::new().held_by(unit, area) };
            world.send(&case.district, case.id, case.first_version, &case.resolved()).await;
            cases.push(case);
        }
    }
    for case in &cases {
        world.callback_of(case).await;
    }
    cases
}

fn shares(answer: &pb::HandOutResponse) -> Vec<i32> {
    answer.shares.iter().map(|share| share.waiting).collect()
}

/// A case counts once, however many reporters are called back about it.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_of_several_requests_is_drawn_once() {
    let world = World::new().await;
    let many = Case::of_requests(3);
    world.resolved(&many).await;
    resolving(&world, &[(HOLDER, "420102003005", 1)]).await;
    let mut rounds = world.rounds(Role::Callback, Some("callbacks"), Some(DISTRICT));
    let round = rounds.begin_round(beginning(2, StrataBy::Unit)).await.unwrap().into_inner();
    assert_eq!(round.strata.iter().map(|it| it.population).collect::<Vec<_>>(), [2]);
    let drawn = interviews(&mut rounds, listing(&round)).await;
    let cases: BTreeSet<&str> = drawn.iter().map(|it| it.case.as_str()).collect();
    assert_eq!((drawn.len(), cases.len()), (2, 2));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_from_its_sample_to_its_report() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 6), ("community-101", "420102004001", 4)]).await;
    let mut rounds = world.rounds(Role::Callback, Some("callbacks"), Some(DISTRICT));
    let round = rounds.begin_round(beginning(5, StrataBy::Unit)).await.unwrap().into_inner();
    let strata: Vec<_> =
        round.strata.iter().map(|it| (it.key.as_str(), it.population, it.sample, it.reserve)).collect();
    assert_eq!(strata, [(HOLDER, 6, 3, 3), ("community-101", 4, 2, 2)]);
    assert_eq!((round.state(), round.version, round.seed.as_str()), (RoundState::Open, 1, "seed-1"));

    let all = interviews(&mut rounds, listing(&round)).await;
    let in_state = |state| all.iter().filter(|it| it.state() == state).count();
    assert_eq!((all.len(), in_state(Waiting), in_state(Reserve)), (10, 5, 5));
    // The community does not ask about its own cases.
    let handed =
        rounds.hand_out(handing(&round, &["callbacks", "community-101"])).await.unwrap().into_inner();
    assert_eq!((shares(&handed), handed.left), (vec![3, 2], 0));
    let theirs = pb::Interviewer { unit: "community-101".into(), subject: String::new() };
    let own = pb::ListInterviewsRequest {
        district: DISTRICT.into(),
        interviewer: Some(theirs),
        state: Waiting.into(),
        ..Default::default()
    };
    let theirs = interviews(&mut rounds, own).await;
    assert_eq!(theirs.iter().map(|it| it.unit.as_str()).collect::<Vec<_>>(), [HOLDER, HOLDER]);

    let mine: Vec<pb::Interview> = interviews(&mut rounds, listing(&round)).await;
    let mine: Vec<&pb::Interview> =
        mine.iter().filter(|it| it.interviewer.as_ref().is_some_and(|one| one.unit == "callbacks")).collect();
    rounds.record_interview(recording(mine[0], Answered)).await.unwrap();
    let refused = pb::RecordInterviewRequest { replace: true, ..recording(mine[1], Refused) };
    let refused = rounds.record_interview(refused).await.unwrap().into_inner();
    let instead = refused.replacement.unwrap();
    assert_eq!((instead.state(), instead.replaces.as_str()), (Waiting, mine[1].id.as_str()));
    assert_eq!(instead.stratum, mine[1].stratum);
    assert_eq!(instead.interviewer.as_ref().unwrap().unit, "callbacks", "asked by whom the other was");
    assert_eq!(refused.interview.unwrap().replaced_by, instead.id);
    rounds.record_interview(recording(&instead, Answered)).await.unwrap();
    let lost = rounds.record_interview(recording(mine[2], Unreachable)).await.unwrap().into_inner();
    assert_eq!(lost.replacement, None);
    let closed = rounds.close_round(closing(&round)).await.unwrap().into_inner();
    assert_eq!((closed.state(), closed.version), (RoundState::Closed, 2));
    assert!(closed.close_time.is_some());

    let ask = pb::GetRoundReportRequest { id: round.id.clone() };
    let report = rounds.get_round_report(ask).await.unwrap().into_inner();
    let whole = report.whole.unwrap();
    assert_eq!((whole.population, whole.sample, whole.waiting, whole.asked), (10, 5, 2, 4));
    assert_eq!((whole.answered, whole.refused, whole.unreachable, whole.standing_in), (2, 1, 1, 1));
    assert_eq!(whole.response_rate, Some(0.5));
    assert_eq!(whole.satisfied.unwrap().rate, 1.0);
    assert_eq!(report.strata.len(), 2);
    world.assert_log_is_true().await;

    let names =
        |events: Vec<(String, serde_json::Value)>| events.into_iter().map(|it| it.0).collect::<Vec<_>>();
    assert_eq!(names(world.events(&round.id).await), ["RoundBegun", "RoundClosed"]);
    assert_eq!(
        names(world.events(&instead.id).await),
        ["InterviewDrawn", "InterviewCalledUp", "InterviewRecorded"]
    );
    let told = world.events(&mine[0].id).await;
    assert_eq!(told[1].0, "InterviewHandedOut");
    assert!(!told[2].1.to_string().contains("谢谢"), "their words stay here");
    world.stop().await;
}

/// Nobody who answered is not nobody who is satisfied.
#[tokio::test(flavor = "multi_thread")]
async fn without_answers_rates_are_absent() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 2)]).await;
    let mut rounds = world.rounds(Role::Leader, None, Some(DISTRICT));
    let round = rounds.begin_round(beginning(2, StrataBy::None)).await.unwrap().into_inner();
    let ask = pb::GetRoundReportRequest { id: round.id.clone() };
    let whole = rounds.get_round_report(ask.clone()).await.unwrap().into_inner().whole.unwrap();
    assert_eq!((whole.waiting, whole.response_rate, whole.satisfied.is_some()), (2, None, false));
    for it in interviews(&mut rounds, listing(&round)).await {
        rounds.record_interview(recording(&it, Refused)).await.unwrap();
    }
    let report = rounds.get_round_report(ask).await.unwrap().into_inner();
    let whole = report.whole.unwrap();
    assert_eq!((whole.response_rate, whole.contacted, whole.solved), (Some(0.0), None, None));
    assert_eq!(report.covered, 0.0);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_draws_the_same() {
    let world = World::new().await;
    let cases = resolving(&world, &[(HOLDER, "420102003005", 12)]).await;
    let mut rounds = world.rounds(Role::Callback, None, Some(DISTRICT));
    let mut drawn = async |seed: &str| -> Vec<String> {
        let begin = pb::BeginRoundRequest { seed: seed.into(), ..beginning(6, StrataBy::None) };
        let round = rounds.begin_round(begin).await.unwrap().into_inner();
        let all = interviews(&mut rounds, listing(&round)).await;
        all.into_iter().map(|it| it.case).collect()
    };
    let first = drawn("江北-1".replace("江北", "JB").as_str()).await;
    assert_eq!(drawn("JB-1").await, first);
    assert_ne!(drawn("JB-2").await, first, "one in 12! may be the same");
    // Whoever has the cases and the seed draws it again.
    let mut again: Vec<String> = cases.iter().map(|case| case.id.to_string()).collect();
    again.sort_by_key(|case| Sha256::digest(format!("JB-1/{case}")));
    assert_eq!(first, again);
    world.stop().await;
}

/// A case that was reopened counts once it is resolved again, with its newest attempt; days are the district's own.
#[tokio::test(flavor = "multi_thread")]
async fn a_population_is_cases_of_a_period_by_their_newest_attempt() {
    let world = World::new().await;
    let case = Case::new();
    let first = world.resolved(&case).await;
    world.staff().record_verdict(judging(&first, verdict(false, Satisfaction::Unsatisfied))).await.unwrap();
    let elsewhere = Case::new().held_by("community-101", "420102004001");
    world.resolved(&elsewhere).await;
    let at_work = Case::new();
    let callback = world.resolved(&at_work).await;
    world.send(DISTRICT, at_work.id, 3, &at_work.reopened()).await;
    world.in_state(&callback.id, pb::CallbackState::Cancelled).await;
    world.send(DISTRICT, case.id, 3, &case.reopened()).await;
    // 23:59:59 on the day, then the next.
    world.clock.set(monday() + Duration::from_secs(15 * 3600 - 1));
    let again = Case { attempt: 2, first_version: 4, ..case.clone() };
    world.send(DISTRICT, case.id, 4, &again.resolved()).await;
    world.callback_of(&again).await;
    world.clock.set(monday() + Duration::from_secs(15 * 3600));
    world.resolved(&Case::new()).await;

    let mut rounds = world.rounds(Role::Callback, None, Some(DISTRICT));
    let round = rounds.begin_round(beginning(2, StrataBy::Street)).await.unwrap().into_inner();
    let strata: Vec<_> = round.strata.iter().map(|it| (it.key.as_str(), it.population)).collect();
    assert_eq!(strata, [("420102003", 1), ("420102004", 1)]);
    let all = interviews(&mut rounds, listing(&round)).await;
    assert_eq!((all[0].case.clone(), all[0].attempt), (case.id.to_string(), 2));

    let mut narrowed = async |with: &dyn Fn(&mut pb::Population)| {
        let mut begin = beginning(1, StrataBy::Category);
        with(begin.population.as_mut().unwrap());
        rounds.begin_round(begin).await.unwrap().into_inner().strata
    };
    let sizes =
        |strata: Vec<pb::Stratum>| strata.into_iter().map(|it| (it.key, it.population)).collect::<Vec<_>>();
    let of = |count| vec![("0101".to_owned(), count)];
    assert_eq!(sizes(narrowed(&|it| it.area = "420102004".into()).await), of(1));
    assert_eq!(sizes(narrowed(&|it| it.unit = HOLDER.into()).await), of(1));
    assert_eq!(sizes(narrowed(&|it| it.category = "01".into()).await), of(2));
    assert_eq!(sizes(narrowed(&|it| it.to_date = "2026-11-24".into()).await), of(3));
    let mut other = beginning(1, StrataBy::None);
    other.population.as_mut().unwrap().category = "02".into();
    assert_eq!(reason(&rounds.begin_round(other).await.unwrap_err()), "POPULATION_TOO_SMALL");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_answers_again_and_does_nothing() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 6)]).await;
    let mut rounds = world.rounds(Role::Callback, Some("callbacks"), Some(DISTRICT));
    let begin = beginning(3, StrataBy::None);
    let round = rounds.begin_round(begin.clone()).await.unwrap().into_inner();
    assert_eq!(rounds.begin_round(begin).await.unwrap().into_inner(), round);
    let list = pb::ListRoundsRequest { district: DISTRICT.into(), ..Default::default() };
    assert_eq!(rounds.list_rounds(list).await.unwrap().into_inner().rounds, std::slice::from_ref(&round));

    let hand_out = handing(&round, &["callbacks"]);
    let handed = rounds.hand_out(hand_out.clone()).await.unwrap().into_inner();
    assert_eq!(rounds.hand_out(hand_out).await.unwrap().into_inner(), handed);
    let all = interviews(&mut rounds, listing(&round)).await;
    let record = pb::RecordInterviewRequest { replace: true, ..recording(&all[0], Unreachable) };
    let first = rounds.record_interview(record.clone()).await.unwrap().into_inner();
    assert_eq!(rounds.record_interview(record).await.unwrap().into_inner(), first);
    let waiting = pb::ListInterviewsRequest { state: Waiting.into(), ..listing(&round) };
    assert_eq!(interviews(&mut rounds, waiting).await.len(), 3, "one stands in, and only one");
    world.assert_log_is_true().await;
    world.stop().await;
}

/// What some have is given to others; the reserve is used up and then nobody stands in.
#[tokio::test(flavor = "multi_thread")]
async fn interviews_are_given_to_others_and_replaced_while_there_is_a_reserve() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 3)]).await;
    let mut rounds = world.rounds(Role::Callback, Some("b"), Some(DISTRICT));
    let round = rounds.begin_round(beginning(2, StrataBy::None)).await.unwrap().into_inner();
    rounds.hand_out(handing(&round, &["a"])).await.unwrap();
    let nothing = rounds.hand_out(handing(&round, &["b"])).await.unwrap().into_inner();
    assert_eq!(shares(&nothing), [0], "what somebody has stays with them");
    let waiting = pb::ListInterviewsRequest { state: Waiting.into(), ..listing(&round) };
    let had = interviews(&mut rounds, waiting.clone()).await;
    let ids: Vec<String> = had.iter().map(|it| it.id.clone()).collect();
    let again = pb::HandOutRequest { interviews: ids, ..handing(&round, &["b"]) };
    let given = rounds.hand_out(again).await.unwrap().into_inner();
    assert_eq!(shares(&given), [2]);
    let own = rounds.hand_out(handing(&round, &[HOLDER])).await.unwrap().into_inner();
    assert_eq!((shares(&own), own.left), (vec![0], 0));

    let had = interviews(&mut rounds, waiting).await;
    let replaced =
        |it: &pb::Interview| pb::RecordInterviewRequest { replace: true, ..recording(it, Refused) };
    let first = rounds.record_interview(replaced(&had[0])).await.unwrap().into_inner().replacement.unwrap();
    let second = rounds.record_interview(replaced(&had[1])).await.unwrap().into_inner();
    assert_eq!(second.replacement, None, "the reserve of one is used up");
    assert!(rounds.record_interview(replaced(&first)).await.unwrap().into_inner().replacement.is_none());
    world.stop().await;
}

/// Several interviewers come off the phone at once: each gets another in their place.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_stands_in_twice() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 12)]).await;
    let mut rounds = world.rounds(Role::Callback, Some("b"), Some(DISTRICT));
    let round = rounds.begin_round(beginning(6, StrataBy::None)).await.unwrap().into_inner();
    let waiting = pb::ListInterviewsRequest { state: Waiting.into(), ..listing(&round) };
    let waiting = interviews(&mut rounds, waiting).await;
    let recorded = join_all(waiting.iter().map(|it| {
        let (mut rounds, request) = (rounds.clone(), recording(it, Refused));
        async move {
            let request = pb::RecordInterviewRequest { replace: true, ..request };
            rounds.record_interview(request).await.unwrap().into_inner().replacement.unwrap().id
        }
    }));
    let instead: BTreeSet<String> = recorded.await.into_iter().collect();
    assert_eq!(instead.len(), 6);
    world.assert_log_is_true().await;
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_as_far_as_they_reach() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 2), ("community-101", "420102004001", 2)]).await;
    let mut district = world.rounds(Role::Leader, None, Some(DISTRICT));
    let whole = district.begin_round(beginning(4, StrataBy::Street)).await.unwrap().into_inner();
    let mut street = world.rounds(Role::Callback, Some("c"), Some("420102003"));
    let mut begin = beginning(1, StrataBy::Community);
    begin.population.as_mut().unwrap().area = "420102003".into();
    let own = street.begin_round(begin).await.unwrap().into_inner();
    let list = pb::ListRoundsRequest { district: DISTRICT.into(), ..Default::default() };
    let seen = |answer: pb::ListRoundsResponse| answer.rounds.into_iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(seen(district.list_rounds(list.clone()).await.unwrap().into_inner()), [&*own.id, &*whole.id]);
    assert_eq!(seen(street.list_rounds(list.clone()).await.unwrap().into_inner()), [&*own.id]);
    let page = pb::ListRoundsRequest { page_size: 1, ..list.clone() };
    let first = district.list_rounds(page.clone()).await.unwrap().into_inner();
    let page = pb::ListRoundsRequest { page_token: first.next_page_token.clone(), ..page };
    assert_eq!(seen(first), [&*own.id]);
    assert_eq!(seen(district.list_rounds(page).await.unwrap().into_inner()), [&*whole.id]);
    let mut community = world.rounds(Role::Callback, None, Some("420102003005"));
    assert!(community.list_rounds(list).await.unwrap().into_inner().rounds.is_empty());

    // Whoever asks for a whole district's round in one street sees and records what lies there.
    district.hand_out(handing(&whole, &["c"])).await.unwrap();
    let c = pb::Interviewer { unit: "c".into(), subject: String::new() };
    let mine =
        pb::ListInterviewsRequest { district: DISTRICT.into(), interviewer: Some(c), ..Default::default() };
    let mine = interviews(&mut street, mine).await;
    let streets: BTreeSet<&str> = mine.iter().map(|it| &it.area[..9]).collect();
    assert_eq!((mine.len(), streets), (2, BTreeSet::from(["420102003"])));
    street.record_interview(recording(&mine[0], Answered)).await.unwrap();
    let mut city = world.rounds(Role::Operator, None, Some(CITY));
    assert!(city.get_round(pb::GetRoundRequest { id: whole.id }).await.is_ok());
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_interviews_follow_each_other() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 5), ("community-101", "420102004001", 5)]).await;
    let mut rounds = world.rounds(Role::Callback, Some("c"), Some(DISTRICT));
    let round = rounds.begin_round(beginning(10, StrataBy::Unit)).await.unwrap().into_inner();
    rounds.hand_out(handing(&round, &["c"])).await.unwrap();
    let interviewer = Some(pb::Interviewer { unit: "c".into(), subject: String::new() });
    let of_interviewer =
        pb::ListInterviewsRequest { district: DISTRICT.into(), interviewer, ..Default::default() };
    for all in [listing(&round), of_interviewer] {
        let expected = interviews(&mut rounds, all.clone()).await;
        let (mut request, mut seen) = (pb::ListInterviewsRequest { page_size: 3, ..all }, Vec::new());
        loop {
            let page = rounds.list_interviews(request.clone()).await.unwrap().into_inner();
            seen.extend(page.interviews);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        assert_eq!((seen.len(), seen), (10, expected));
    }
    assert_eq!(MOST, 2_000);
    world.stop().await;
}

/// Nobody is asked about a case before they are drawn, and a callback goes its own way.
#[tokio::test(flavor = "multi_thread")]
async fn an_interview_leaves_its_callback_alone() {
    let world = World::new().await;
    resolving(&world, &[(HOLDER, "420102003005", 1)]).await;
    let mut rounds = world.rounds(Role::Callback, None, Some(DISTRICT));
    let round = rounds.begin_round(beginning(1, StrataBy::None)).await.unwrap().into_inner();
    let drawn = interviews(&mut rounds, listing(&round)).await.remove(0);
    rounds.record_interview(recording(&drawn, Answered)).await.unwrap();
    let get = pb::GetCallbackRequest { id: drawn.callback };
    let callback = world.staff().get_callback(get).await.unwrap().into_inner();
    assert_eq!((callback.state(), callback.version), (pb::CallbackState::Pending, 1));
    let subject = format!("huying.evaluation.v1.interview_recorded.{DISTRICT}");
    eventually("it is published", async || {
        let stream = world.bus.jetstream().get_stream("HUYING_EVALUATION").await.ok()?;
        stream.get_last_raw_message_by_subject(&subject).await.ok()
    })
    .await;
    world.stop().await;
}
