//! 会商、专项响应组、专班: several units on one case, and whose chair commands there.

use chrono::TimeDelta;
use huying_casework::domain::{
    ApprovalState, Ask, Beside, By, Case, Change, Dispatch, DispatchState, Error, GroupKind, Ruled, State,
    Step as _, Unit,
    approval::{Approval, step::Grant},
    case::step::{AskGroup, Call, Consult, EndGroup, EndSpans, FormTaskForce, Summons},
    dispatch::step::{Insist, Relead, Release, TakeBack},
};
use huying_chassis::run::Halt;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;
use uuid::Uuid;

use super::{
    fixture::{self as f, Facts, after, facts, morning, take},
    support::{Town, asked, call as called, fresh},
};

const APPROVAL: Uuid = Uuid::from_u128(40);

fn ids(from: u128, count: u128) -> Vec<Uuid> {
    (from..from + count).map(Uuid::from_u128).collect()
}

fn ask() -> AskGroup {
    let (group, task, reason) = ("RG-1".into(), "抢修路灯".into(), "涉及两个部门".into());
    AskGroup { approval: APPROVAL, group, task, reason, dispatches: ids(50, 20) }
}

fn summons(n: u128, unit: &Unit, lead: bool) -> Summons {
    let (dispatch, unit, task) = (Uuid::from_u128(n), unit.code.clone(), "疏导".to_owned());
    Summons { dispatch, unit, lead, task, respond: None, resolve: None }
}

fn call(summons: Vec<Summons>) -> Call {
    Call { summons, respond: None, resolve: None }
}

fn working(at: &Unit) -> Case {
    Case { state: State::Working, ..f::case_at(at) }
}

fn knowing(case: &Case) -> Facts {
    Facts { profile: f::grouped(), ..facts().of(case) }
}

/// The members as the group lists them, its chair first.
fn members() -> [Unit; 3] {
    [f::chair(), f::traffic(), f::parks()]
}

/// Beside a step: the dispatches that begin, each as it is then.
fn sent(beside: Vec<Beside>) -> Vec<(Uuid, Dispatch)> {
    let began = f::on_dispatches(beside).into_iter();
    began.map(|(id, it)| (id, huying_testing::after(None, &it, &f::stamp(morning())).unwrap())).collect()
}

/// The street's case on which its response group was asked for and granted, and what was sent.
fn commanded() -> (Case, Vec<(Uuid, Dispatch)>) {
    let case = working(&f::street());
    let known = knowing(&case).units(&members());
    let (decided, beside) = ask().take(&case, &f::by(&f::street()), &known).unwrap();
    let case = after(&case, decided.changes(), morning());
    let [Beside::Approval(APPROVAL, changes)] = &beside[..] else { panic!("{beside:?}") };
    let approval: Approval = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    assert_eq!((approval.granter.unit.as_str(), &approval.ask.clone().into()), ("RG-1", &pending(&case)));
    let Ask::CallGroup { dispatches, .. } = &approval.ask else { panic!("{approval:?}") };
    assert_eq!(dispatches.len(), 2);

    let grant = Grant { reason: "同意启动".into() };
    let known = knowing(&case).knowing(&case, &[(APPROVAL, approval.clone())]).on(APPROVAL);
    assert!(take(&approval, &f::by(&f::street()), &grant, &known).is_err(), "not by who asks");
    let (_, beside) = grant.take(&approval, &f::by(&f::chair()), &known).unwrap();
    let Beside::Case(_, changes) = &beside[0] else { panic!("{beside:?}") };
    let case = after(&case, changes.clone(), morning());
    assert!(case.approvals.is_empty());
    (case, sent(beside))
}

fn pending(case: &Case) -> huying_casework::domain::AskKind {
    case.approvals[0].kind
}

#[test]
fn the_tasks_of_a_consultation_are_dispatches() {
    let case = working(&f::street());
    let (participants, minutes) = (vec!["C-1".to_owned()], "先疏导再修剪".to_owned());
    let consult = |summons| {
        let (participants, minutes) = (participants.clone(), minutes.clone());
        Consult { participants, minutes, call: call(summons) }
    };
    let street = f::by(&f::street());
    let known = knowing(&case).units(&[f::community(), f::traffic()]).above(f::district());
    let step = consult(vec![summons(8, &f::traffic(), true)]);
    let (decided, beside) = step.take(&case, &street, &known).unwrap();
    let [(id, dispatch)] = &sent(beside)[..] else { panic!("one is sent") };
    assert_eq!((id, dispatch.unit.as_str(), dispatch.lead), (&Uuid::from_u128(8), "DEP-traffic", true));
    let held = after(&case, decided.changes(), morning());
    assert_eq!((held.consultations, held.dispatches.len()), (1, 1));

    let lead = consult(vec![summons(8, &f::traffic(), false)]);
    assert_eq!(take(&case, &street, &lead, &known), Err(Error::LeadRequired));
    let alone = knowing(&case).units(&[f::community()]);
    assert!(take(&case, &street, &consult(Vec::new()), &alone).is_ok(), "without a task too");
    let stranger = take(&case, &f::by(&f::parks()), &consult(Vec::new()), &alone);
    assert_eq!(stranger, Err(Error::NotHolder { holder: "S-1".into() }));
    let low = working(&f::community());
    let refused = take(&low, &f::by(&f::community()), &consult(Vec::new()), &knowing(&low));
    assert_eq!(refused, Err(Error::TierMayNotCall));
}

#[test]
fn a_granted_group_is_called_with_its_first_in_the_lead() {
    let (case, dispatches) = commanded();
    let told = |(_, it): &(Uuid, Dispatch)| {
        (it.unit.clone(), it.lead, it.caller.unit.clone(), it.group.clone(), it.arbiter.clone().unwrap().unit)
    };
    let of = |unit: &str, lead| (unit.into(), lead, "RG-1".into(), Some("RG-1".into()), "RG-1".into());
    assert_eq!(
        dispatches.iter().map(told).collect::<Vec<_>>(),
        [of("DEP-traffic", true), of("DEP-parks", false)]
    );
    assert_eq!((case.groups.len(), case.groups[0].group.kind), (1, GroupKind::Response));
    // The chair sees what it commands.
    assert!(case.is_reached(&f::by(&f::chair())) && !case.is_reached(&By::default()));
}

#[test]
fn who_may_ask_for_a_group_and_for_which() {
    let asks = |case: &Case, ask: AskGroup, known: Facts| take(case, &f::holder(case), &ask, &known);
    let low = working(&f::community());
    assert_eq!(asks(&low, ask(), knowing(&low)), Err(Error::TierMayNotCall));
    let case = working(&f::street());
    let unknown = AskGroup { group: "RG-9".into(), ..ask() };
    assert_eq!(asks(&case, unknown, knowing(&case)), Err(Error::UnknownGroup { group: "RG-9".into() }));
    let stranger = take(&case, &f::by(&f::chair()), &ask(), &knowing(&case));
    assert_eq!(stranger, Err(Error::NotHolder { holder: "S-1".into() }));
    let known = knowing(&case).units(&members());
    let asked = after(&case, asks(&case, ask(), known.clone()).unwrap(), morning());
    assert_eq!(asks(&asked, ask(), known.clone()), Err(Error::ApprovalPending { approval: APPROVAL }));
    let (at_work, _) = commanded();
    assert_eq!(asks(&at_work, ask(), known), Err(Error::GroupAtWork { group: "RG-1".into() }));
    // A department that holds the case is not called on it.
    let held = working(&f::parks());
    let (_, beside) = ask().take(&held, &f::by(&f::parks()), &knowing(&held).units(&members()[..2])).unwrap();
    let Beside::Approval(_, changes) = &beside[0] else { panic!("{beside:?}") };
    let approval: Approval = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    let Ask::CallGroup { dispatches, .. } = approval.ask else { panic!() };
    assert_eq!(dispatches.iter().map(|it| it.unit.as_str()).collect::<Vec<_>>(), ["DEP-traffic"]);
    // Where the profile says the district, the district rules.
    let mut profile = f::grouped();
    let (kind, tier) = (pending(&asked), huying_terms::Tier::District);
    profile.policies.grants.insert(kind, huying_casework::domain::policies::Granter::Tier(tier));
    let known = Facts { profile, ..knowing(&case).units(&members()).above(f::district()) };
    let (_, beside) = ask().take(&case, &f::holder(&case), &known).unwrap();
    let Beside::Approval(_, changes) = &beside[0] else { panic!("{beside:?}") };
    let approval: Approval = huying_testing::after(None, &changes[0], &f::stamp(morning())).unwrap();
    assert_eq!((approval.granter.unit.as_str(), approval.state), ("D-1", ApprovalState::Asked));
}

/// It gives the lead to another, takes back also what was accepted, settles what is declined and adds; others may not, and it may not once
/// it is ended.
#[test]
fn the_chair_commands_while_its_group_is_at_work() {
    let (case, dispatches) = commanded();
    let chair = f::by(&f::chair());
    let known = |case: &Case| knowing(case).dispatches(&dispatches);
    let (id, parks) = dispatches[1].clone();
    let relead = Relead { reason: "以修剪为主".into() };
    let (_, beside) = relead.take(&parks, &chair, &known(&case).on(id).asked_by(&chair)).unwrap();
    assert_eq!(f::on_dispatches(beside)[0].0, dispatches[0].0, "the other leads no longer");

    let take_back = TakeBack { reason: "不需要".into() };
    let accepted = Dispatch { state: DispatchState::Accepted, ..parks.clone() };
    let takes = |case: &Case, by: &By| take(&accepted, by, &take_back, &known(case).on(id));
    assert!(takes(&case, &chair).is_ok());
    let holder = takes(&case, &f::by(&f::street()));
    assert_eq!(holder, Err(Error::StepNotAllowed { step: "take_back", state: "accepted" }));
    assert!(take(&parks, &f::by(&f::street()), &take_back, &known(&case).on(id)).is_ok(), "before it is");
    let stranger = takes(&case, &f::by(&f::traffic()));
    assert!(matches!(stranger, Err(Error::NotCaller { .. })), "{stranger:?}");

    let declined = Dispatch { state: DispatchState::Declined, ..parks };
    assert!(take(&declined, &chair, &Insist { reason: "属你们".into() }, &known(&case).on(id)).is_ok());
    let release = Release { reason: "确实不属".into(), apt: true };
    assert!(take(&declined, &chair, &release, &known(&case).on(id)).is_ok());

    let water = Unit { code: "UT-water".into(), ..f::traffic() };
    let add = call(vec![summons(90, &water, false)]);
    let (_, beside) =
        add.take(&case, &chair, &known(&case).units(std::slice::from_ref(&water)).asked_by(&chair)).unwrap();
    let added = sent(beside);
    assert_eq!((added[0].1.group.as_deref(), added[0].1.caller.unit.as_str()), (Some("RG-1"), "RG-1"));

    let end = EndGroup { group: "RG-1".into(), reason: "已办妥".into() };
    let stranger = take(&case, &f::by(&f::parks()), &end, &known(&case));
    assert_eq!(stranger, Err(Error::NotChair { chair: "RG-1".into() }));
    let ended = after(&case, take(&case, &chair, &end, &known(&case)).unwrap(), morning());
    assert_eq!((ended.groups.len(), ended.chaired.as_slice()), (0, &["RG-1".to_owned()][..]));
    assert!(matches!(takes(&ended, &chair), Err(Error::NotCaller { .. })));
    let adds = take(&ended, &chair, &add, &known(&ended).units(&[water]));
    assert_eq!(adds, Err(Error::NotHolder { holder: "S-1".into() }));
    assert_eq!(take(&ended, &f::by(&f::street()), &end, &known(&ended)), Err(Error::NoGroup));
}

fn task_force(others: Vec<Uuid>) -> FormTaskForce {
    FormTaskForce {
        code: "019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d".into(),
        name: "通气专班".into(),
        chair: "D-1".into(),
        members: vec![f::traffic().code, f::parks().code],
        task: "查勘、铺管".into(),
        until: morning() + TimeDelta::days(30),
        dispatches: ids(70, 2 * (others.len() as u128 + 1)),
        others,
    }
}

fn team() -> [Unit; 3] {
    [f::district(), f::traffic(), f::parks()]
}

#[test]
fn a_task_force_works_on_all_of_its_cases_until_its_span_ends() {
    let (case, other) = (working(&f::community()), Uuid::from_u128(33));
    let (desk, known) = (f::by(&f::district()), knowing(&case).units(&team()));
    // The fixture knows one case: the other is like it.
    let step = task_force(vec![other]);
    let (decided, beside) = step.take(&case, &desk, &known.clone().asked_by(&desk)).unwrap();
    let on_other: Vec<&Vec<Change>> = beside
        .iter()
        .filter_map(|one| match one {
            Beside::Case(id, changes) => Some((*id == other).then_some(changes).unwrap()),
            Beside::Dispatch(..) | Beside::Approval(..) => None,
        })
        .collect();
    assert_eq!(on_other.len(), 1);
    let (here, there) =
        (after(&case, decided.changes(), morning()), after(&case, on_other[0].clone(), morning()));
    let sent = sent(beside.clone());
    assert_eq!(sent.iter().filter(|(_, it)| it.case == other).count(), 2);
    assert_eq!((sent.len(), sent.iter().filter(|(_, it)| it.lead).count()), (4, 2));
    for case in [&here, &there] {
        assert_eq!((case.groups.len(), case.dispatches.len()), (1, 2));
        assert_eq!(case.groups_end_at, Some(step.until));
        assert_eq!(case.groups[0].group.cases, [f::CASE, other]);
    }
    assert!(f::caused(&here, &EndSpans, &known.clone().at(step.until - TimeDelta::seconds(1))).is_empty());
    let over = f::caused(&here, &EndSpans, &known.clone().at(step.until));
    let over = after(&here, over, step.until);
    assert_eq!(
        (over.groups.len(), over.groups_end_at, over.dispatches.len()),
        (0, None, 2),
        "its calls go on"
    );
    // By hand it ends on all of them.
    let end = EndGroup { group: step.code.clone(), reason: "已通气".into() };
    let (_, beside) = end.take(&here, &desk, &knowing(&there).asked_by(&desk)).unwrap();
    assert!(matches!(&beside[..], [Beside::Case(id, _)] if *id == other), "{beside:?}");
    // A closed case is commanded by nobody.
    let closed = after(
        &here,
        vec![
            huying_casework::domain::case::step::Closed {
                outcome: huying_casework::domain::Outcome::Withdrawn,
                clocks: None,
                resolved: None,
            }
            .into(),
        ],
        morning(),
    );
    assert_eq!((closed.groups.len(), closed.groups_end_at), (0, None));
}

#[test]
fn who_may_form_a_task_force_and_how() {
    let case = working(&f::community());
    let known = knowing(&case).units(&team());
    let forms = |by: &By, step: FormTaskForce| take(&case, by, &step, &known);
    let street = f::by(&f::street());
    assert!(forms(&street, task_force(Vec::new())).is_ok());
    assert!(forms(&f::leader(f::DISTRICT), task_force(Vec::new())).is_ok());
    for low in [f::community(), f::grid(), f::parks()] {
        assert_eq!(forms(&f::by(&low), task_force(Vec::new())), Err(Error::OutsideArea), "{}", low.code);
    }
    for until in [morning(), morning() + TimeDelta::days(367)] {
        let span = FormTaskForce { until, ..task_force(Vec::new()) };
        assert_eq!(forms(&street, span), Err(Error::SpanNotAhead { most_days: 366 }));
    }
    let low = known.clone().units(&[f::community(), f::traffic(), f::parks()]);
    let refused = take(&case, &street, &task_force(Vec::new()), &low);
    assert_eq!(refused, Err(Error::UnitMayNotChair { unit: "C-1".into() }));
    // A case out of reach is as if there were none.
    let abroad = Case { area: "990101002001001".into(), ..working(&f::community()) };
    let known = Facts { case: abroad, ..known };
    let refused = task_force(vec![Uuid::from_u128(33)]).take(&case, &street, &known.asked_by(&street));
    assert!(matches!(refused, Err(Halt::NotFound { .. })), "{refused:?}");
}

/// What the chair of a response group sees, over the wire: it grants, its departments are called at once, and it commands.
#[tokio::test]
async fn a_street_asks_for_a_group_and_its_chair_commands() {
    let town = Town::open().await;
    let case = asked_in(&town).await;
    let mut chair = town.approvals_of(&f::chair());
    let get = pb::GetApprovalRequest { id: case.approvals[0].id.clone() };
    let approval = chair.get_approval(get).await.unwrap().into_inner();
    assert_eq!((approval.group.as_str(), approval.members.len()), ("RG-1", 2));
    let (id, version) = (approval.id, approval.version);
    let grant = pb::GrantApprovalRequest { request_id: fresh(), id, version, reason: "同意启动".into() };
    chair.grant_approval(grant).await.unwrap();
    let mut commands = town.of(&f::chair());
    let get = pb::GetCaseRequest { id: case.id.clone() };
    let case = commands.get_case(get).await.unwrap().into_inner();
    assert_eq!((case.groups[0].chair.as_str(), case.dispatches.len()), ("RG-1", 2));
    assert!(case.allowed_steps.contains(&"call".to_owned()), "{:?}", case.allowed_steps);
    let sent: pb::DispatchSent =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_sent.990101.DEP-traffic").await;
    assert_eq!((sent.task.as_str(), sent.dispatch.unwrap().called_by.as_str()), ("抢修路灯", "RG-1"));

    let parks = come(&town, &case.dispatches[1]).await;
    let (id, version) = (parks.id.clone(), parks.version);
    let take_back =
        pb::TakeBackDispatchRequest { request_id: fresh(), id, version, reason: "不需要".into() };
    let holder = town.dispatches_of(&f::street()).take_back_dispatch(take_back.clone()).await.unwrap_err();
    assert_eq!(reason(&holder), "STEP_NOT_ALLOWED");
    let ended = town.dispatches_of(&f::chair()).take_back_dispatch(take_back).await.unwrap().into_inner();
    assert_eq!((ended.state(), ended.group.as_str()), (pb::DispatchState::Ended, "RG-1"));

    let end = |group: &str| pb::EndGroupRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        group: group.into(),
        reason: "已办妥".into(),
    };
    assert_eq!(reason(&commands.end_group(end("RG-2")).await.unwrap_err()), "UNKNOWN_GROUP");
    commands.end_group(end("RG-1")).await.unwrap();
    let events: Vec<String> = town.events(&case.id).await.into_iter().map(|(name, _)| name).collect();
    assert!(events.ends_with(&["CaseGroupCalled".to_owned(), "CaseGroupEnded".into()]), "{events:?}");
    let gone = commands.get_case(pb::GetCaseRequest { id: case.id.clone() }).await.unwrap_err();
    assert_eq!(gone.code(), tonic::Code::NotFound, "it commands there no longer");
}

/// The street's case, on which it asked for the group over the wire.
async fn asked_in(town: &Town) -> pb::Case {
    let (_, case) = town.accepted(&f::street()).await;
    let ask = pb::AskResponseGroupRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        group: "RG-1".into(),
        task: "抢修路灯".into(),
        reason: "涉及两个部门".into(),
    };
    let away = town.of(&f::street()).ask_response_group(ask.clone()).await.unwrap_err();
    assert_eq!(reason(&away), "ROUTING_UNAVAILABLE", "who they are is asked of routing");
    let unknown = pb::AskResponseGroupRequest { group: "RG-9".into(), ..ask.clone() };
    assert_eq!(
        reason(&town.of(&f::street()).ask_response_group(unknown).await.unwrap_err()),
        "UNKNOWN_GROUP"
    );
    let (id, step) = (case.id.parse().unwrap(), AskGroup { dispatches: ids_now(20), ..self::ask() });
    let step = AskGroup { approval: Uuid::now_v7(), ..step };
    let by = f::by(&f::street());
    let known = town.knowing_units(&members());
    known
        .take::<Case, _>(id, &by, &step, &asked(&f::street(), &ask.request_id, case.version, &ask))
        .await
        .unwrap();
    let asked = town.of(&f::street()).ask_response_group(ask).await.unwrap().into_inner();
    assert_eq!(asked.approvals[0].kind(), pb::ApprovalKind::CallGroup);
    asked
}

/// The parks report in.
async fn come(town: &Town, id: &str) -> pb::Dispatch {
    let get = pb::GetDispatchRequest { id: id.to_owned() };
    let parks = town.dispatches_of(&f::parks()).get_dispatch(get).await.unwrap().into_inner();
    let request = |version| pb::RespondDispatchRequest {
        request_id: fresh(),
        id: parks.id.clone(),
        version,
        response: pb::DispatchResponse::Accept.into(),
        note: String::new(),
    };
    town.dispatches_of(&f::parks()).respond_dispatch(request(parks.version)).await.unwrap().into_inner()
}

fn ids_now(count: usize) -> Vec<Uuid> {
    std::iter::repeat_with(Uuid::now_v7).take(count).collect()
}

/// A consultation is told without its minutes, and read in the history.
#[tokio::test]
async fn a_consultation_is_kept_in_the_history() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let task =
        pb::Summons { unit: "DEP-parks".into(), lead: true, task: "修剪".into(), ..Default::default() };
    let request = pb::HoldConsultationRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        participants: vec!["DEP-traffic".into()],
        minutes: "住户已同意修剪".into(),
        tasks: vec![task],
    };
    let step = Consult {
        participants: request.participants.clone(),
        minutes: request.minutes.clone(),
        call: called(&[f::parks()], "修剪"),
    };
    let units = [f::traffic(), f::parks()];
    let meta = asked(&f::street(), &request.request_id, case.version, &request);
    let id = case.id.parse().unwrap();
    let (_, sent) =
        town.knowing_units(&units).take::<Case, _>(id, &f::by(&f::street()), &step, &meta).await.unwrap();
    assert_eq!(sent.len(), 1);
    let held = town.of(&f::street()).hold_consultation(request).await.unwrap().into_inner();
    assert_eq!(held.dispatches.iter().map(|it| it.unit.as_str()).collect::<Vec<_>>(), ["DEP-parks"]);
    assert_eq!(held.case.unwrap().consultations, 1);
    let get = pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() };
    let history = town.of(&f::street()).get_history(get).await.unwrap().into_inner().entries;
    assert_eq!(history.last().unwrap().text, "交管大队：住户已同意修剪");
    let (name, told) = town.events(&case.id).await.pop().unwrap();
    assert_eq!(name, "CaseConsulted");
    assert!(!told.to_string().contains("住户"), "{told}");
}

/// A desk forms one for two cases at once; at the end of its span the timer ends it on both.
#[tokio::test]
async fn a_task_force_is_formed_for_two_cases_and_ends_with_its_span() {
    let town = Town::open().await;
    let ((_, one), (_, two)) = (town.accepted(&f::street()).await, town.accepted(&f::street()).await);
    let until = town.clock.now() + TimeDelta::days(30);
    let request = pb::FormTaskForceRequest {
        request_id: fresh(),
        id: one.id.clone(),
        version: one.version,
        name: "通气专班".into(),
        chair: "D-1".into(),
        members: vec!["DEP-traffic".into(), "DEP-parks".into()],
        task: "查勘、铺管".into(),
        until_time: Some(huying_wire::instant::write(until)),
        other_cases: vec![two.id.clone()],
    };
    let step = FormTaskForce {
        code: fresh(),
        dispatches: ids_now(4),
        until,
        ..task_force(vec![two.id.parse().unwrap()])
    };
    let (id, street) = (one.id.parse().unwrap(), f::street());
    let meta = asked(&street, &request.request_id, one.version, &request);
    town.knowing_units(&team()).take::<Case, _>(id, &f::by(&street), &step, &meta).await.unwrap();
    let formed = town.of(&street).form_task_force(request.clone()).await.unwrap().into_inner();
    let sent: Vec<_> = formed.dispatches.iter().map(|it| (it.unit.as_str(), it.case.as_str())).collect();
    let (traffic, parks) = ("DEP-traffic", "DEP-parks");
    assert_eq!(
        sent,
        [(traffic, &*one.id), (traffic, &*two.id), (parks, &*one.id), (parks, &*two.id)],
        "the same answer again, with what was sent on the other case"
    );
    assert_eq!(formed.case.unwrap().groups[0].cases, [one.id.clone(), two.id.clone()]);
    assert_eq!(town.case(&two.id).await.groups[0].kind(), pb::GroupKind::TaskForce);
    let twice =
        pb::FormTaskForceRequest { other_cases: vec![one.id.clone()], request_id: fresh(), ..request };
    assert_eq!(reason(&town.of(&street).form_task_force(twice).await.unwrap_err()), "BAD_FIELD");

    town.clock.set(until);
    for id in [&one.id, &two.id] {
        town.case_when("its span is over", id, |case| case.groups.is_empty()).await;
        let events = town.events(id).await;
        assert!(events.iter().any(|(name, _)| name == "CaseGroupEnded"), "{events:?}");
    }
}
