//! What intake hears: one arm per event, one call each.

use std::sync::Arc;

use futures::future::BoxFuture;
use huying_chassis::{
    bus::CloudEvent,
    follow::{Consumer, Failure, Source},
    log::ChangeSet,
};
use huying_proto::casework::v1 as pb;
use uuid::Uuid;

use crate::{app::App, domain::request::News};

/// Intake's ear.
pub struct Hears {
    pub app: Arc<App>,
}

impl Consumer for Hears {
    fn sources(&self) -> &'static [Source] {
        &[Source { service: "casework", root: "casework", kinds: &["case"] }]
    }

    fn apply<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<ChangeSet, Failure>> {
        Box::pin(self.hear(event))
    }
}

impl Hears {
    async fn hear(&self, event: &CloudEvent) -> Result<ChangeSet, Failure> {
        let (case, news) = match event.message() {
            "CaseOpened" => (event.decode::<pb::CaseOpened>()?.case, News::Opened),
            "CaseAccepted" => {
                (event.decode::<pb::CaseAccepted>()?.case, News::Moved("责任单位已签收".into()))
            }
            "CaseNoted" => match event.decode::<pb::CaseNoted>()? {
                noted if noted.public => (noted.case, News::Moved(noted.text)),
                _internal => return Ok(ChangeSet::default()),
            },
            "CaseEscalated" => {
                (event.decode::<pb::CaseEscalated>()?.case, News::Moved("已上报上一级办理".into()))
            }
            "CaseDelegated" => (event.decode::<pb::CaseDelegated>()?.case, News::Moved("已交办".into())),
            "CaseCalled" => {
                (event.decode::<pb::CaseCalled>()?.case, News::Moved("已呼叫有关部门到场".into()))
            }
            "CaseResolved" => {
                let resolved = event.decode::<pb::CaseResolved>()?;
                let attempt = resolved.case.as_ref().map_or(0, |case| case.attempt);
                (resolved.case, News::Resolved { answer: resolved.answer, attempt })
            }
            "CaseReopened" => (event.decode::<pb::CaseReopened>()?.case, News::Reopened),
            "CaseClosed" => (event.decode::<pb::CaseClosed>()?.case, News::Moved("已销号".into())),
            // Nothing in the others concerns the reporter; what a newer casework says is let go as well.
            _ => return Ok(ChangeSet::default()),
        };
        let case = case.ok_or_else(|| Failure::Poison("the event names no case".into()))?;
        let requests = case.requests.iter().map(|id| parse(id)).collect::<Result<Vec<_>, _>>()?;
        self.app.hear(parse(&case.id)?, &requests, &news).await
    }
}

fn parse(id: &str) -> Result<Uuid, Failure> {
    id.parse().map_err(|_| Failure::Poison(format!("{id} is no UUID")))
}
