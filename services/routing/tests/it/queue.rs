//! The triage desk, over the wire: what waits, who may decide it, and every refusal, which changes nothing.

use huying_chassis::auth::Role;
use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_testing::{eventually, reason};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::{
    bench::{Client, Town, fresh, reference},
    place::{self, LITTER},
};

fn decide(route: &pb::Route, area: &str, category: &str) -> pb::DecideTriageRequest {
    pb::DecideTriageRequest {
        request_id: fresh(),
        request: route.request.clone(),
        version: route.version,
        area: area.into(),
        category: category.into(),
        holder: String::new(),
        priority: 0,
    }
}

async fn refused(client: &mut Client, request: pb::DecideTriageRequest) -> (Code, String) {
    let status: Status = client.decide_triage(request).await.unwrap_err();
    (status.code(), reason(&status))
}

async fn queue(client: &mut Client, size: i32, token: &str) -> pb::ListTriageResponse {
    let request = pb::ListTriageRequest {
        district: place::DISTRICT.into(),
        page_size: size,
        page_token: token.into(),
        ..Default::default()
    };
    client.list_triage(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_person_decides_what_waits() {
    let town = Town::with_profile().await;
    let waiting = town.submitted("反映一个情况", "").await;
    assert_eq!(
        (waiting.state(), waiting.undecided.join(",").as_str()),
        (pb::RouteState::Queued, "area,category")
    );

    let mut desk = town.desk();
    let request = decide(&waiting, "420102003002", LITTER);
    let decided = desk.decide_triage(request.clone()).await.unwrap().into_inner();
    assert_eq!((decided.state(), decided.version), (pb::RouteState::Decided, 2));
    assert_eq!(decided.decision.as_ref().unwrap().holder, "C-420102003002");
    assert_eq!(decided.decided_by.as_ref().unwrap().unit, "D-420102");
    // The same command again: the same answer.
    assert_eq!(desk.decide_triage(request.clone()).await.unwrap().into_inner(), decided);
    // Another one: too late.
    let again = pb::DecideTriageRequest { version: 2, request_id: fresh(), ..request };
    assert_eq!(refused(&mut desk, again).await, (Code::FailedPrecondition, "STEP_NOT_ALLOWED".into()));

    let events = town.events(&waiting.request).await;
    let names: Vec<&str> = events.iter().map(|event| event.message()).collect();
    assert_eq!(names, ["RouteQueued", "RouteDecided"]);
    let event: pb::RouteDecided = events[1].decode().unwrap();
    assert_eq!(
        (event.content.as_str(), event.decided_by.unwrap().subject.as_str()),
        ("反映一个情况", "test-desk")
    );
    town.end().await;
}

/// Whoever sorts the queue sees at once where life is in danger.
#[tokio::test]
async fn danger_shows_while_all_else_is_undecided() {
    let town = Town::with_profile().await;
    let waiting = town.submitted("有人要跳楼", "").await;
    assert_eq!(waiting.state(), pb::RouteState::Queued);
    let so_far = waiting.decision.unwrap();
    assert_eq!(so_far.dangers().collect::<Vec<_>>(), [pb::Danger::Suicide]);
    assert_eq!(so_far.priority(), common::Priority::Urgent);
    let decided = town.submitted("闻到很浓的煤气味", "420102003002").await;
    let decision = decided.decision.unwrap();
    assert_eq!(decision.dangers().collect::<Vec<_>>(), [pb::Danger::Gas]);
    assert_eq!(decision.resolve, place::limit(common::LimitKind::UrgentHour, 1));
    town.end().await;
}

/// What was decided stays decided, also when the district does not know the category any more.
#[tokio::test]
async fn a_repeated_decision_is_answered_before_anything_is_refused() {
    let town = Town::with_profile().await;
    let waiting = town.submitted("反映一个情况", "").await;
    let other = town.submitted("反映另一个情况", "").await;
    let mut desk = town.desk();
    let request = decide(&waiting, "420102003002", LITTER);
    let decided = desk.decide_triage(request.clone()).await.unwrap().into_inner();
    let mut without = place::profile();
    without.categories.retain(|category| category.code != LITTER);
    without.rules.retain(|rule| rule.category != LITTER);
    without.condition_limits.retain(|limit| limit.category != LITTER);
    town.apply(without, false).await.unwrap();

    assert_eq!(desk.decide_triage(request.clone()).await.unwrap().into_inner(), decided);
    let reused = pb::DecideTriageRequest { area: "420103001".into(), ..request };
    assert_eq!(refused(&mut desk, reused).await, (Code::AlreadyExists, "REQUEST_ID_REUSED".into()));
    let fresh = decide(&other, "420102003002", LITTER);
    assert_eq!(refused(&mut desk, fresh).await, (Code::InvalidArgument, "UNKNOWN_CATEGORY".into()));
    town.end().await;
}

#[tokio::test]
async fn a_decision_that_cannot_be_is_refused_and_changes_nothing() {
    let town = Town::with_profile().await;
    let waiting = town.submitted("反映一个情况", "420102003002").await;
    let mut desk = town.desk();
    let right = || decide(&waiting, "420102003002", LITTER);
    let wrong = [
        (
            pb::DecideTriageRequest { area: "420102777".into(), ..right() },
            Code::InvalidArgument,
            "UNKNOWN_AREA",
        ),
        (pb::DecideTriageRequest { area: "no".into(), ..right() }, Code::InvalidArgument, "BAD_FIELD"),
        (
            pb::DecideTriageRequest { category: "none".into(), ..right() },
            Code::InvalidArgument,
            "UNKNOWN_CATEGORY",
        ),
        (pb::DecideTriageRequest { holder: "X-1".into(), ..right() }, Code::InvalidArgument, "UNKNOWN_UNIT"),
        (
            pb::DecideTriageRequest { holder: "S-420102010".into(), ..right() },
            Code::InvalidArgument,
            "UNIT_ELSEWHERE",
        ),
        (pb::DecideTriageRequest { priority: 9, ..right() }, Code::InvalidArgument, "BAD_FIELD"),
        (pb::DecideTriageRequest { version: 7, ..right() }, Code::Aborted, "STALE_VERSION"),
        (pb::DecideTriageRequest { request: fresh(), ..right() }, Code::NotFound, "NOT_FOUND"),
        (
            pb::DecideTriageRequest { area: "420103001".into(), ..right() },
            Code::PermissionDenied,
            "OUTSIDE_AREA",
        ),
    ];
    for (request, code, reason) in wrong {
        assert_eq!(refused(&mut desk, request).await, (code, reason.to_owned()));
    }
    let mut elsewhere = town.caller(Role::Desk, None, Some("420102010"));
    assert_eq!(refused(&mut elsewhere, right()).await, (Code::NotFound, "NOT_FOUND".into()));
    let mut here = town.caller(Role::Desk, None, Some("420102003"));
    let out = pb::DecideTriageRequest { area: "420102010".into(), ..right() };
    assert_eq!(refused(&mut here, out).await, (Code::PermissionDenied, "OUTSIDE_AREA".into()));

    assert_eq!(town.route(waiting.request.parse().unwrap()).await.unwrap(), waiting);
    town.end().await;
}

#[tokio::test]
async fn the_queue_goes_by_what_is_due_and_is_narrowed_to_the_callers_area() {
    let town = Town::with_profile().await;
    let mut places = Vec::new();
    for at in 0..7 {
        let request = Uuid::now_v7();
        let area = if at % 2 == 0 { "420102003002" } else { "420102010002" };
        let location = common::Location { area: area.into(), ..common::Location::default() };
        // Submitted in another order than they come in.
        let time = place::now() - chrono::TimeDelta::minutes(i64::from(at * 5 % 7));
        town.say(request, 1, &crate::bench::submitted(request, "反映一个情况", location, time)).await;
        let due = town.taken(request).await.due_time.unwrap();
        places.push(((due.seconds, due.nanos), request.to_string(), area));
    }
    places.sort();
    let mut desk = town.desk();
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let page = queue(&mut desk, 3, &token).await;
        seen.extend(page.routes.into_iter().map(|route| route.request));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, places.iter().map(|it| it.1.clone()).collect::<Vec<_>>());

    let mut street = town.caller(Role::Leader, None, Some("420102010"));
    let of_street: Vec<_> =
        queue(&mut street, 0, "").await.routes.into_iter().map(|route| route.request).collect();
    assert_eq!(
        of_street,
        places.iter().filter(|it| it.2 == "420102010002").map(|it| it.1.clone()).collect::<Vec<_>>()
    );
    let mut above = town.caller(Role::Leader, None, Some("4201"));
    assert_eq!(queue(&mut above, 0, "").await.routes.len(), 7);
    let mut other = town.caller(Role::Desk, None, Some("420103"));
    let asked =
        pb::ListTriageRequest { district: place::DISTRICT.into(), ..pb::ListTriageRequest::default() };
    let status = other.list_triage(asked.clone()).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "OUTSIDE_AREA"));
    for (size, token) in [(201, ""), (-1, ""), (0, "nonsense")] {
        let status = desk
            .list_triage(pb::ListTriageRequest { page_size: size, page_token: token.into(), ..asked.clone() })
            .await
            .unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "BAD_FIELD"));
    }
    town.end().await;
}

#[tokio::test]
async fn a_request_taken_back_waits_no_longer_and_a_decided_one_is_the_cases_matter() {
    let town = Town::with_profile().await;
    let waiting = town.submitted("反映一个情况", "").await;
    let decided = town.submitted("路边垃圾堆了一地", "420102003002").await;
    assert_eq!(decided.state(), pb::RouteState::Decided);
    for route in [&waiting, &decided] {
        let id: Uuid = route.request.parse().unwrap();
        let event = huying_proto::intake::v1::RequestWithdrawn {
            request: Some(reference(id, place::now())),
            reason: "解决了".into(),
        };
        town.say(id, 2, &event).await;
        // The same again, and what is none of routing's business.
        town.say(id, 2, &event).await;
        let answered = huying_proto::intake::v1::RequestAnswered {
            request: Some(reference(id, place::now())),
            ..Default::default()
        };
        town.say(id, 3, &answered).await;
    }
    let id = waiting.request.parse().unwrap();
    let withdrawn = eventually("it is withdrawn", async || {
        town.route(id).await.filter(|route| route.state() == pb::RouteState::Withdrawn)
    })
    .await;
    assert_eq!(withdrawn.version, 2);
    let mut desk = town.desk();
    assert_eq!(
        refused(&mut desk, decide(&withdrawn, "420102003", LITTER)).await,
        (Code::FailedPrecondition, "STEP_NOT_ALLOWED".into())
    );
    assert!(queue(&mut desk, 0, "").await.routes.is_empty());
    assert_eq!(town.route(decided.request.parse().unwrap()).await.unwrap(), decided);
    let last = town.events(&waiting.request).await.pop().unwrap();
    assert_eq!(last.message(), "RouteWithdrawn");
    town.end().await;
}
