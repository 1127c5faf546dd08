//! A case's life, driven by those who have a part in it: each step goes out as soon as it can.

use huying_proto::{
    casework::v1::{AcceptCaseRequest, AddNoteRequest, Case, ResolveCaseRequest},
    evaluation::v1::{RecordVerdictRequest, Satisfaction, Verdict},
};
use huying_tests::{People, world::key};

use super::{
    call::{again, submit},
    events::{Events, Told},
};

/// Calls, and waits for the case.
pub async fn open(people: &People, events: &Events) -> Told {
    let number = submit(&people.platform()).await;
    events.opened.wait(&number).await
}

/// The holder takes it on.
pub async fn accept(people: &People, opened: &Told) -> Case {
    let request = AcceptCaseRequest { request_id: key(), id: opened.id.clone(), version: opened.version };
    let staff = people.staff(&opened.holder);
    again(|| {
        let (mut staff, request) = (staff.clone(), request.clone());
        async move { staff.accept_case(request).await }
    })
    .await
}

/// The holder notes how it stands, for those who work on it. The case after it.
pub async fn note(people: &People, accepted: &Case) -> Case {
    let request = AddNoteRequest {
        request_id: key(),
        id: accepted.id.clone(),
        version: accepted.version,
        text: "已联系车主，正在赶来挪车".into(),
        public: false,
    };
    let staff = people.staff(&accepted.holder);
    again(|| {
        let (mut staff, request) = (staff.clone(), request.clone());
        async move { staff.add_note(request).await }
    })
    .await
}

/// The holder reports it done; the reporter is to be asked.
pub async fn resolve(people: &People, events: &Events, accepted: &Case) -> Told {
    let request = ResolveCaseRequest {
        request_id: key(),
        id: accepted.id.clone(),
        version: accepted.version,
        answer: "已联系车主，车辆已挪开".into(),
        handling: None,
    };
    let staff = people.staff(&accepted.holder);
    again(|| {
        let (mut staff, request) = (staff.clone(), request.clone());
        async move { staff.resolve_case(request).await }
    })
    .await;
    events.asked.wait(&accepted.id).await
}

/// The reporter is satisfied, and the account is struck off.
pub async fn close(people: &People, events: &Events, case: &str, asked: &Told) -> Told {
    let verdict = Verdict {
        contacted: true,
        solved: true,
        satisfaction: Satisfaction::Satisfied.into(),
        ..Verdict::default()
    };
    let request = RecordVerdictRequest {
        request_id: key(),
        id: asked.id.clone(),
        version: asked.version,
        verdict: Some(verdict),
    };
    let callback = people.callback();
    again(|| {
        let (mut callback, request) = (callback.clone(), request.clone());
        async move { callback.record_verdict(request).await }
    })
    .await;
    events.closed.wait(case).await
}

/// All of it. The case's id.
pub async fn whole(people: &People, events: &Events) -> String {
    let opened = open(people, events).await;
    let accepted = accept(people, &opened).await;
    let asked = resolve(people, events, &accepted).await;
    close(people, events, &opened.id, &asked).await.id
}
