//! A case's life from the decided route to striking off, and the ways round.

use huying_chassis::auth::Role;
use huying_proto::{
    casework::v1 as pb,
    common::v1 as common,
    evaluation::v1::{self as evaluation, AttemptJudgement},
};
use huying_testing::eventually;
use uuid::Uuid;

use super::{
    fixture::{self as f, by},
    support::{Town, accept, call, callback, decided, fresh, meta, number, request_ref, resolve},
};

/// Story A: it never leaves the grid.
#[tokio::test]
async fn a_case_is_opened_worked_judged_answered_and_struck_off() {
    let town = Town::open().await;
    let (request, case) = town.case_at(&f::grid()).await;
    assert_eq!(
        (case.state(), case.tier(), case.holder.as_str()),
        (pb::CaseState::Assigned, common::Tier::Grid, "G-1")
    );
    assert_eq!(case.number, number(request));
    assert_eq!(
        (case.priority(), case.content.as_str(), case.attempt),
        (common::Priority::High, "树歪了，靠着电线", 1)
    );
    let mut grid = town.of(&f::grid());
    let seen = grid.get_case(pb::GetCaseRequest { id: case.id.clone() }).await.unwrap().into_inner();
    assert_eq!(seen.allowed_steps.join(" "), "accept appoint escalate return merge recategorise ask_decline");
    assert_eq!(case.allowed_steps.join(" "), "merge recategorise supervise take_charge");
    let case = grid.accept_case(accept(&case)).await.unwrap().into_inner();
    let note = pb::AddNoteRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        text: "在路上".into(),
        public: true,
    };
    let case = grid.add_note(note).await.unwrap().into_inner();
    let told = case.last_public_note.as_ref().unwrap();
    assert_eq!((case.notes, told.text.as_str(), told.unit.as_str()), (1, "在路上", "G-1"));
    let case = grid.resolve_case(resolve(&case)).await.unwrap().into_inner();
    assert_eq!((case.state(), case.answer.as_str()), (pb::CaseState::Resolved, "已修剪"));
    assert!(case.clocks.iter().all(|clock| clock.stop_time.is_some()));

    town.passed(&case).await;
    let case = town.case_when("judged", &case.id, |case| case.judgement() == pb::Judgement::Passed).await;
    assert_eq!(case.state(), pb::CaseState::Resolved, "the reporter has no answer yet");
    town.answered(request, &case).await;
    let case = town.case_when("struck off", &case.id, |case| case.state() == pb::CaseState::Closed).await;
    assert_eq!(
        (case.outcome(), case.allowed_steps.as_slice()),
        (pb::Outcome::StruckOff, ["reopen".to_owned()].as_slice())
    );

    let names: Vec<String> = town.events(&case.id).await.into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "CaseOpened",
            "CaseAccepted",
            "CaseNoted",
            "CaseResolved",
            "CaseJudged",
            "CaseAnswered",
            "CaseClosed"
        ]
    );
    let history = grid
        .get_history(pb::GetHistoryRequest { id: case.id.clone(), ..Default::default() })
        .await
        .unwrap()
        .into_inner();
    let told: Vec<_> = history
        .entries
        .iter()
        .map(|entry| (entry.version, entry.event.as_str(), entry.text.as_str(), entry.public))
        .collect();
    assert_eq!(told[2..4], [(3, "CaseNoted", "在路上", true), (4, "CaseResolved", "已修剪", false)]);
    let closed: pb::CaseClosed = town.on_the_bus("casework", "huying.casework.v1.case_closed.990101").await;
    assert_eq!(closed.case.unwrap().requests, [request.to_string()]);
}

/// Story B: grid → community → street, which calls two departments.
#[tokio::test]
async fn a_case_climbs_and_its_street_calls_departments() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::grid()).await;
    let id: Uuid = case.id.parse().unwrap();
    let up = town.escalate(id, case.version, &f::grid(), f::community()).await;
    let up = town.escalate(id, up.version, &f::community(), f::street()).await;
    let case = town.case(&case.id).await;
    assert_eq!(
        (case.version, case.state(), case.holder.as_str()),
        (up.version, pb::CaseState::Assigned, "S-1")
    );
    let case = town.of(&f::street()).accept_case(accept(&case)).await.unwrap().into_inner();

    // The lead is named last.
    let (units, mut call) = ([f::traffic(), f::parks()], call(&[f::parks(), f::traffic()], "修剪"));
    call.summons.reverse();
    let (street, command) = (by(&f::street()), meta(&f::street(), case.version));
    let sent = town.called(id, &street, &call, &units, &command).await;
    assert_eq!(
        sent.iter().map(|dispatch| dispatch.it.unit.as_str()).collect::<Vec<_>>(),
        ["DEP-traffic", "DEP-parks"],
        "in the order asked"
    );
    let called = town.case(&case.id).await.dispatches;
    assert_eq!(called, [sent[1].id.to_string(), sent[0].id.to_string()], "the lead first");
    let again = town.called(id, &street, &call, &units, &command).await;
    assert_eq!([&again[1], &again[0]], [&sent[0], &sent[1]], "the same command sends once");

    let case = town.case(&case.id).await;
    let refused = town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap_err();
    assert_eq!(huying_testing::reason(&refused), "OPEN_DISPATCHES");
    for (unit, dispatch) in [(f::traffic(), &sent[0]), (f::parks(), &sent[1])] {
        let mut department = town.dispatches_of(&unit);
        let answer = |response: pb::DispatchResponse, version| pb::RespondDispatchRequest {
            request_id: fresh(),
            id: dispatch.id.to_string(),
            version,
            response: response.into(),
            note: "到场".into(),
        };
        let accepted =
            department.respond_dispatch(answer(pb::DispatchResponse::Accept, 1)).await.unwrap().into_inner();
        let done = department
            .respond_dispatch(answer(pb::DispatchResponse::Complete, accepted.version))
            .await
            .unwrap()
            .into_inner();
        assert_eq!(done.state(), pb::DispatchState::Done);
    }
    let case = town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    let resolved =
        town.events(&case.id).await.into_iter().find(|(name, _)| name == "CaseResolved").unwrap().1;
    assert_eq!(resolved["units"], serde_json::json!(["S-1", "DEP-parks", "DEP-traffic"]));
    let told: pb::DispatchSent =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_sent.990101.DEP-parks").await;
    assert_eq!((told.task.as_str(), told.dispatch.unwrap().lead), ("修剪", true));
}

/// Evaluation failed it: the same holder again, with everything owed anew.
#[tokio::test]
async fn a_failed_callback_reopens() {
    let town = Town::open().await;
    let (request, case) = town.accepted(&f::grid()).await;
    let case = town.of(&f::grid()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    town.answered(request, &case).await;
    let case = town.case_when("answered", &case.id, |case| case.requests[0].answered).await;
    town.failed(&case).await;
    let again = town.case_when("reopened", &case.id, |case| case.attempt == 2).await;
    assert_eq!(
        (again.state(), again.holder.as_str(), again.requests[0].answered),
        (pb::CaseState::Assigned, "G-1", false)
    );
    assert!(again.answer.is_empty() && again.clocks.iter().all(|clock| clock.stop_time.is_none()));
}

/// Where several are asked about an attempt, what one of them says is one voice: the case moves on what the attempt came to.
#[tokio::test]
async fn an_attempt_of_several_callbacks_is_settled_by_the_one_that_says_so() {
    let town = Town::open().await;
    let (request, case) = town.accepted(&f::grid()).await;
    let case = town.of(&f::grid()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    town.answered(request, &case).await;
    town.case_when("answered", &case.id, |case| case.requests[0].answered).await;
    let callback = || Some(evaluation::CallbackRef { request: fresh(), ..callback(&case) });
    // Voices that settle nothing, whatever they say; and who is spared, or would not answer.
    let failed = evaluation::CallbackFailed { callback: callback(), ..Default::default() };
    town.tell("evaluation", "callback", Uuid::now_v7(), &failed).await;
    let passed = evaluation::CallbackPassed { callback: callback(), ..Default::default() };
    town.tell("evaluation", "callback", Uuid::now_v7(), &passed).await;
    let spared = evaluation::CallbackSpared { callback: callback() };
    town.tell("evaluation", "callback", Uuid::now_v7(), &spared).await;
    let refused = evaluation::CallbackRefused { callback: callback(), ..Default::default() };
    town.tell("evaluation", "callback", Uuid::now_v7(), &refused).await;
    town.taken_in(4).await;
    let before = town.case(&case.id).await;
    assert_eq!(
        (before.attempt, before.state(), before.judgement()),
        (1, pb::CaseState::Resolved, Default::default())
    );
    // The last one, of whom nobody was reached, says that too few of the others were content.
    let (judgement, reasons) = (AttemptJudgement::Failed.into(), vec!["办得太慢".to_owned()]);
    let settles = Some(evaluation::Settlement { judgement, reasons });
    let lapsed = evaluation::CallbackLapsed { callback: callback(), settles };
    town.tell("evaluation", "callback", Uuid::now_v7(), &lapsed).await;
    town.case_when("reopened", &case.id, |case| case.attempt == 2).await;
    let reopened = town.events(&case.id).await.pop().unwrap();
    assert_eq!(
        (reopened.0.as_str(), &reopened.1["reason"]),
        ("CaseReopened", &"回访未通过：办得太慢".into())
    );
}

/// Everybody would not answer: nobody was judged, and the account is struck off.
#[tokio::test]
async fn a_refused_callback_that_settles_closes() {
    let town = Town::open().await;
    let (request, case) = town.accepted(&f::grid()).await;
    let case = town.of(&f::grid()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    town.answered(request, &case).await;
    let callback = Some(evaluation::CallbackRef { request: fresh(), ..callback(&case) });
    let settles = AttemptJudgement::Lapsed.into();
    let settles = Some(evaluation::Settlement { judgement: settles, ..Default::default() });
    let refused = evaluation::CallbackRefused { callback, settles, ..Default::default() };
    town.tell("evaluation", "callback", Uuid::now_v7(), &refused).await;
    let closed = town.case_when("closed", &case.id, |case| case.state() == pb::CaseState::Closed).await;
    assert_eq!((closed.outcome(), closed.judgement()), (pb::Outcome::StruckOff, pb::Judgement::Lapsed));
}

/// A supervisor reopens what is resolved, but only in their own area.
#[tokio::test]
async fn a_leader_reopens() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::grid()).await;
    let case = town.of(&f::grid()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    let reopen = pb::ReopenCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        reason: "没修好".into(),
    };
    let abroad =
        town.client(Role::Leader, None, Some("990101002")).reopen_case(reopen.clone()).await.unwrap_err();
    assert_eq!(huying_testing::reason(&abroad), "NOT_FOUND");
    let again =
        town.client(Role::Leader, None, Some(f::STREET)).reopen_case(reopen).await.unwrap().into_inner();
    assert_eq!((again.state(), again.attempt), (pb::CaseState::Assigned, 2));
}

#[tokio::test]
async fn a_withdrawn_request_closes_its_case_and_ends_its_dispatches() {
    let town = Town::open().await;
    let (request, case) = town.accepted(&f::street()).await;
    let sent = town.call(&case, &[f::parks()], "修剪").await;
    town.withdrawn(request).await;
    let case = town.case_when("closed", &case.id, |case| case.state() == pb::CaseState::Closed).await;
    assert_eq!((case.outcome(), case.allowed_steps.len()), (pb::Outcome::Withdrawn, 0));
    let dispatch = town
        .dispatches_of(&f::parks())
        .get_dispatch(pb::GetDispatchRequest { id: sent[0].id.to_string() })
        .await
        .unwrap()
        .into_inner();
    assert_eq!(dispatch.state(), pb::DispatchState::Ended, "both at once");

    let reopen = pb::ReopenCaseRequest {
        request_id: fresh(),
        id: case.id.clone(),
        version: case.version,
        reason: "还没修".into(),
    };
    let refused = town.desk().reopen_case(reopen).await.unwrap_err();
    assert_eq!(huying_testing::reason(&refused), "CASE_WITHDRAWN", "nobody asks for it any more");
}

/// The callback of what was resolved and then withdrawn is kept: whatever it says is taken in, and the case stays as it is.
#[tokio::test]
async fn what_a_withdrawn_cases_callback_says_changes_nothing() {
    let town = Town::open().await;
    let (request, case) = town.accepted(&f::grid()).await;
    let case = town.of(&f::grid()).resolve_case(resolve(&case)).await.unwrap().into_inner();
    town.withdrawn(request).await;
    let closed = town.case_when("closed", &case.id, |case| case.state() == pb::CaseState::Closed).await;
    town.failed(&case).await;
    town.passed(&case).await;
    town.taken_in(2).await;
    let letters: i64 =
        sqlx::query_scalar("select count(*) from dead_letter").fetch_one(&town.pool).await.unwrap();
    assert_eq!((town.case(&case.id).await, letters), (closed, 0));
}

/// What overtakes the decided route is kept for the case: an addition is on it from the first, a withdrawal leaves none.
#[tokio::test]
async fn what_comes_before_the_case_is_not_lost() {
    let town = Town::open().await;
    let taken = async |request: Uuid| {
        eventually("taken in", async || {
            let seen: i64 = sqlx::query_scalar("select count(*) from followed where aggregate = $1")
                .bind(request)
                .fetch_one(&town.pool)
                .await
                .unwrap();
            (seen > 0).then_some(())
        })
        .await;
    };
    let added = Uuid::now_v7();
    town.supplemented(added, "还压着电线").await;
    taken(added).await;
    town.decide(added, &f::grid()).await;
    let case = town.case(&number(added)).await;
    assert_eq!((case.version, case.notes, case.last_public_note), (2, 1, None));
    let events = town.events(&case.id).await;
    assert_eq!(events.last().unwrap().0, "CaseSupplemented");

    let gone = Uuid::now_v7();
    town.withdrawn(gone).await;
    taken(gone).await;
    town.decide(gone, &f::grid()).await;
    eventually("the route is taken in", async || {
        let source = "select count(*) from followed where source = 'routing' and aggregate = $1";
        let seen: i64 = sqlx::query_scalar(source).bind(gone).fetch_one(&town.pool).await.unwrap();
        (seen == 1).then_some(())
    })
    .await;
    let opened: i64 = sqlx::query_scalar("select count(*) from \"case\" where body ->> 'opened_on' = $1")
        .bind(gone.to_string())
        .fetch_one(&town.pool)
        .await
        .unwrap();
    assert_eq!(opened, 0);

    // Afterwards, additions go on the case itself.
    town.supplemented(added, "快倒了").await;
    town.case_when("noted", &case.id, |case| case.notes == 2).await;
}

/// Both at once, many times over: whichever comes first, nothing of a request taken back stays open.
#[tokio::test]
async fn a_withdrawal_and_a_route_at_once_leave_nothing_open() {
    let town = Town::open().await;
    let requests: Vec<Uuid> = (0..40).map(|_| Uuid::now_v7()).collect();
    let both = requests.iter().map(|request| async {
        let (route, withdrawal) = (decided(*request, &f::grid()), intake_withdrawn(*request));
        tokio::join!(
            town.tell("routing", "route", *request, &route),
            town.tell("intake", "request", *request, &withdrawal)
        );
    });
    futures::future::join_all(both).await;
    eventually("all are taken in", async || {
        let seen: i64 = sqlx::query_scalar("select count(*) from followed where aggregate = any($1)")
            .bind(&requests)
            .fetch_one(&town.pool)
            .await
            .unwrap();
        (seen == 80).then_some(())
    })
    .await;
    let open: i64 = sqlx::query_scalar("select count(*) from \"case\" where state <> 'closed'")
        .fetch_one(&town.pool)
        .await
        .unwrap();
    assert_eq!(open, 0);
}

fn intake_withdrawn(request: Uuid) -> huying_proto::intake::v1::RequestWithdrawn {
    huying_proto::intake::v1::RequestWithdrawn { request: Some(request_ref(request)), reason: String::new() }
}

/// A route told twice, and a case decided where no profile is applied yet.
#[tokio::test]
async fn a_route_told_again_opens_no_second_case() {
    let town = Town::without_profile().await;
    let request = Uuid::now_v7();
    let event = town.decide(request, &f::grid()).await;
    let case = town.case(&number(request)).await;
    town.repeat(&event).await;
    let (other, _) = town.case_at(&f::grid()).await;
    assert_ne!(other, request);
    let cases: i64 = sqlx::query_scalar("select count(*) from \"case\"").fetch_one(&town.pool).await.unwrap();
    assert_eq!((cases, case.state()), (2, pb::CaseState::Assigned));
}
