//! 到点做什么: the ladder on lamps, on lying still, on a department's silence; also where nobody ever accepted, and after a standstill.

use std::time::Duration as Time;

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{
    Beside, Case, Change, ClockKind, Dispatch, Policies, Step as _, Unit,
    case::step::{Accept, GoIdle, Note, Opened},
    dispatch::step as on_dispatch,
    ladder::{Act, At, Rung},
    lamp::TurnLamps,
    unit::By,
};
use huying_chassis::timer::Watch;
use huying_proto::casework::v1::{self as pb, LadderAt, LadderStep};
use huying_terms::Tier;
use huying_testing::{eventually, reason};

use super::{
    fixture::{self as f, Facts, after, case_at, facts, holder, morning, take},
    support::{Town, call, fresh, profile},
};

fn rung(at: At, clock: Option<ClockKind>, acts: &[Act]) -> Rung {
    Rung { at, clock, acts: acts.to_vec() }
}

fn with(ladder: &[Rung]) -> Facts {
    let mut facts = facts();
    facts.profile.policies.ladder = ladder.to_vec();
    facts
}

/// What the clock does at an instant, by the unit above the holder.
fn tick(case: &Case, facts: &Facts, at: DateTime<Utc>) -> (Case, Vec<Change>) {
    let facts = facts.clone().at(at).above(f::superior(case.holder.tier));
    let turned = f::caused(case, &TurnLamps, &facts);
    (after(case, turned.clone(), at), turned)
}

/// Each in a word, lamps left out.
fn words(changes: &[Change]) -> Vec<String> {
    let others = changes.iter().filter(|change| !matches!(change, Change::LampTurned(_)));
    others.map(|change| change.happened().words()).collect()
}

#[test]
fn what_nobody_ever_accepts_climbs_to_the_top() {
    let facts = with(&[rung(At::Red, Some(ClockKind::Respond), &[Act::Escalate])]);
    let (mut case, mut now) = (case_at(&f::grid()), morning());
    for unit in ["C-1", "S-1", "D-1"] {
        now += Duration::hours(2);
        case = tick(&case, &facts, now).0;
        assert_eq!(case.holder.unit, unit);
        assert_eq!(case.clocks.get(ClockKind::Respond).unwrap().started_at, now, "with time of its own");
    }
    let (stays, turned) = tick(&case, &facts, now + Duration::hours(2));
    assert_eq!((stays.holder.unit.as_str(), words(&turned)), ("D-1", vec!["时限已过".to_owned()]));
    assert!(
        tick(&stays, &facts, now + Duration::days(300))
            .1
            .iter()
            .all(|it| { !matches!(it, Change::Escalated(_) | Change::ToldUpward(_)) })
    );
}

#[test]
fn after_a_standstill_each_rung_is_run_once_and_ambers_before_reds() {
    let facts = with(&[
        rung(At::Red, None, &[Act::Supervise, Act::TellSuperior]),
        rung(At::Amber, None, &[Act::UrgeHolder]),
    ]);
    let now = morning() + Duration::days(300);
    let (case, turned) = tick(&case_at(&f::grid()), &facts, now);
    let each = ["urge 时限将到", "notice 时限已过", "C-1 时限已过"];
    assert_eq!(words(&turned), [each, each].concat());
    assert_eq!((case.pressed.urgings, case.pressed.notices), (2, 2));
    assert!(case.clocks.get(ClockKind::Reply).unwrap().is_running(), "a notice asks for an answer");
    assert!(tick(&case, &facts, now).1.is_empty());
    // The answer's own clock is no occasion: it climbs.
    let later = words(&tick(&case, &facts, now + Duration::days(9)).1);
    assert_eq!(later, ["notice → talk"]);
}

#[test]
fn an_urging_by_the_ladder_asks_for_no_answer() {
    let facts = with(&[rung(At::Amber, Some(ClockKind::Respond), &[Act::UrgeHolder])]);
    let (case, _) = tick(&case_at(&f::grid()), &facts, morning() + Duration::minutes(97));
    assert_eq!(case.supervision.as_ref().unwrap().unit, None);
    assert_eq!((case.pressed.urgings, case.clocks.get(ClockKind::Reply)), (1, None));
}

/// At the top an escalation comes to telling, and tells once.
#[test]
fn at_the_top_it_is_only_told() {
    let facts = with(&[rung(At::Red, None, &[Act::Escalate, Act::TellSuperior])]);
    let (case, turned) = tick(&case_at(&f::district()), &facts, morning() + Duration::hours(3));
    assert_eq!((case.holder.unit.as_str(), words(&turned)), ("D-1", vec!["时限已过".to_owned()]));
}

/// A case whose district has half of the time, a day, for lying still.
fn resting() -> Case {
    let Change::Opened(opened) = f::opened(&f::grid()) else { panic!() };
    let opened = Opened { idle_percent: Some(50), ..opened };
    huying_testing::after(None, &opened.into(), &f::stamp(morning())).unwrap()
}

#[test]
fn what_lies_still_is_idle_once_until_somebody_takes_a_step() {
    let facts = with(&[rung(At::Idle, None, &[Act::UrgeHolder])]);
    let case = resting();
    let noon = morning() + Duration::hours(12);
    assert_eq!(case.idle_at, Some(noon));
    let (case, _) = tick(&case, &facts, morning() + Duration::hours(3));
    assert_eq!(case.idle_at, Some(noon), "a lamp is no step");
    let idle = |case: &Case, at| f::caused(case, &GoIdle, &facts.clone().at(at));
    assert!(idle(&case, noon - Duration::seconds(1)).is_empty());
    let turned = idle(&case, noon);
    assert_eq!(words(&turned), ["", "urge 久无进展"]);
    let case = after(&case, turned, noon);
    assert!(case.idle_at.is_none() && idle(&case, noon + Duration::days(9)).is_empty());

    let late = noon + Duration::hours(1);
    let accepted = after(&case, take(&case, &holder(&case), &Accept, &facts.clone().at(late)).unwrap(), late);
    assert_eq!(accepted.idle_at, Some(late + Duration::hours(12)));
    let noted = late + Duration::hours(2);
    let note = Note { text: "在路上".into(), public: false };
    let noted_case = after(&accepted, take(&accepted, &holder(&case), &note, &facts).unwrap(), noted);
    assert_eq!(noted_case.idle_at, Some(noted + Duration::hours(12)));
    assert_eq!(case_at(&f::grid()).idle_at, None, "where the district says nothing");
}

/// A department that does not report in: the case's superior is told by the ladder, beside the silence.
#[test]
fn a_silent_department_is_an_occasion_for_its_case() {
    let facts = with(&[
        rung(At::Silent, None, &[Act::TellSuperior, Act::UrgeHolder]),
        rung(At::Late, None, &[Act::UrgeHolder]),
    ]);
    let case = case_at(&f::street());
    let case = after(&case, take(&case, &holder(&case), &Accept, &facts).unwrap(), morning());
    let asked = facts.clone().above(f::district()).units(&[f::parks()]);
    let (_, sent) = call(&[f::parks()], "修剪").take(&case, &holder(&case), &asked).unwrap();
    let [(id, sent)] = &f::on_dispatches(sent)[..] else { panic!() };
    let dispatch: Dispatch = huying_testing::after(None, sent, &f::stamp(morning())).unwrap();
    let late = asked.at(morning() + Duration::hours(2)).of(&case).on(*id);
    let (_, beside) = TurnLamps.take(&dispatch, &By::default(), &late).unwrap();
    let [Beside::Case(of, changes)] = &beside[..] else { panic!("{beside:?}") };
    assert_eq!(*of, f::CASE);
    assert_eq!(words(changes), ["D-1 所呼叫部门逾期未报到", "urge 所呼叫部门逾期未报到"]);

    let reports_in = on_dispatch::Accept { note: String::new() };
    let accepted = take(&dispatch, &f::by(&f::parks()), &reports_in, &late.clone().at(morning())).unwrap();
    let accepted = huying_testing::after(Some(dispatch), &accepted[0], &f::stamp(morning())).unwrap();
    let later = late.at(morning() + Duration::days(60));
    let (_, beside) = TurnLamps.take(&accepted, &By::default(), &later).unwrap();
    let [Beside::Case(_, changes)] = &beside[..] else { panic!("{beside:?}") };
    assert_eq!(words(changes), ["urge 所呼叫部门逾期未办结"], "it reported in, and never completed");
}

#[test]
fn a_ladder_that_makes_no_sense_is_refused() {
    let wrong = |ladder: &[Rung], idle_percent| {
        let mut profile = f::profile();
        let policies = &mut profile.policies;
        *policies = Policies { ladder: ladder.to_vec(), idle_percent, ..Policies::default() };
        !profile.check().is_empty()
    };
    assert!(!wrong(&[rung(At::Idle, None, &[Act::UrgeHolder])], Some(50)));
    assert!(wrong(&[rung(At::Idle, None, &[Act::UrgeHolder])], None));
    assert!(wrong(&[rung(At::Silent, Some(ClockKind::Respond), &[Act::UrgeHolder])], None));
    assert!(wrong(&[rung(At::Red, Some(ClockKind::Reply), &[Act::UrgeHolder])], None));
    assert!(wrong(&[rung(At::Red, None, &[])], None));
    assert!(wrong(&[rung(At::Red, None, &[Act::Escalate, Act::Escalate])], None));
    assert!(wrong(&[], Some(100)));
}

/// A town whose ladder urges at amber, and takes up and tells at red; routing's answers are handed to its second casework.
async fn laddered() -> (Town, huying_casework::app::App) {
    let town = Town::open().await;
    let mut apply = profile(false);
    let rung = |at: LadderAt, steps: &[LadderStep]| pb::Rung {
        at: at.into(),
        clock: pb::ClockKind::Unspecified.into(),
        steps: steps.iter().map(|step| (*step).into()).collect(),
    };
    let part = apply.profile.as_mut().unwrap();
    part.ladder = vec![
        rung(LadderAt::Amber, &[LadderStep::UrgeHolder]),
        rung(LadderAt::Red, &[LadderStep::TellSuperior, LadderStep::Escalate]),
        rung(LadderAt::Idle, &[LadderStep::UrgeHolder]),
    ];
    part.idle_percent = 50;
    town.operator().apply_profile(apply).await.unwrap();
    let mut app = town.knowing_above(&f::grid(), f::community());
    for (of, above) in [(f::community(), f::street()), (f::street(), f::district())] {
        app.runner = knowing(&app, &of, above);
    }
    (town, app)
}

fn knowing(
    app: &huying_casework::app::App,
    of: &Unit,
    above: Unit,
) -> huying_chassis::run::Runner<huying_casework::app::world::World> {
    use huying_casework::app::world::SuperiorOf;
    let asked = SuperiorOf { district: f::DISTRICT.into(), unit: of.code.clone() };
    app.runner.clone().knowing(&asked, Some(above))
}

async fn look(town: &Town, app: &huying_casework::app::App, name: &str) {
    let timer = app.timers().into_iter().find(|timer| timer.kind == "case" && timer.name == name).unwrap();
    Watch::new(timer).look(&town.pool, &town.clock).await.unwrap();
}

async fn count(town: &Town, id: &str, event: &str) -> usize {
    town.events(id).await.into_iter().filter(|(name, _)| name == event).count()
}

/// The grid team never accepts, the community neither, nor the street: it is with the district, and everybody above was told.
#[tokio::test]
async fn nobody_ever_accepted_and_the_clock_takes_it_to_the_top() {
    let (town, app) = laddered().await;
    let (_, case) = town.case_at(&f::grid()).await;
    for (n, tier) in [Tier::Community, Tier::Street, Tier::District].into_iter().enumerate() {
        town.clock.advance(Time::from_secs(121 * 60));
        look(&town, &app, "turn_lamps").await;
        let now = town.case(&case.id).await;
        assert_eq!(now.tier, i32::from(huying_wire::tier::write(tier)));
        assert_eq!(now.holder, f::superior([Tier::Grid, Tier::Community, Tier::Street][n]).code);
    }
    let told = eventually("the last of them is told", async || {
        let told: pb::CaseToldUpward =
            town.on_the_bus("casework", "huying.casework.v1.case_told_upward.990101").await;
        Some(told).filter(|told| told.superior == "D-1")
    })
    .await;
    assert_eq!(told.reason, "时限已过");
    assert_eq!(count(&town, &case.id, "CaseEscalated").await, 3);
    let mut wrong = pb::ApplyProfileRequest { request_id: fresh(), ..profile(true) };
    wrong.profile.as_mut().unwrap().ladder = vec![pb::Rung::default()];
    assert_eq!(reason(&town.operator().apply_profile(wrong).await.unwrap_err()), "BAD_FIELD");
}

/// Nothing ran for ten months: each lamp and each rung once, and an idle case is told once.
#[tokio::test]
async fn after_ten_months_each_rung_is_run_once() {
    let (town, app) = laddered().await;
    let (_, case) = town.case_at(&f::grid()).await;
    town.clock.advance(Time::from_secs(300 * 24 * 3600));
    look(&town, &app, "go_idle").await;
    look(&town, &app, "turn_lamps").await;
    look(&town, &app, "turn_lamps").await;
    let names: Vec<String> = town.events(&case.id).await.into_iter().map(|(name, _)| name).collect();
    let ladder = ["CaseSupervised", "CaseToldUpward", "CaseEscalated"];
    let lamps = ["CaseLampTurned"; 4];
    let all = [&["CaseOpened", "CaseIdled", "CaseSupervised"][..], &lamps, &ladder, &ladder].concat();
    assert_eq!(names, all);
    assert_eq!(town.case(&case.id).await.holder, "S-1", "one tier for each of both deadlines");
    let sql = "select count(*) from \"case\" where instant(body -> 'idle_at') <= $1";
    let idle: i64 = sqlx::query_scalar(sql).bind(town.clock.now()).fetch_one(&town.pool).await.unwrap();
    assert_eq!(idle, 0);
}
