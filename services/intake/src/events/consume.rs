//! What intake hears, that is, the events it follows: one arm per event, one call each.

use std::sync::Arc;

use futures::future::BoxFuture;
use huying_chassis::{
    bus::CloudEvent,
    follow::{Consumer, Failure, Source},
    log::ChangeSet,
};
use huying_proto::casework::v1::events::CaseEvent as Event;
use uuid::Uuid;

use crate::{app::App, domain::request::News};

/// What is followed.
pub const SOURCES: &[Source] = &[Source { service: "casework", root: "casework", kinds: &["case"] }];

/// What intake does about the events of cases.
pub struct Hears {
    pub app: Arc<App>,
}

impl Consumer for Hears {
    fn apply<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<ChangeSet, Failure>> {
        Box::pin(self.hear(event))
    }
}

impl Hears {
    async fn hear(&self, event: &CloudEvent) -> Result<ChangeSet, Failure> {
        let (case, news) = match event.typed().ok_or_else(|| Failure::unknown(event))? {
            Event::CaseOpened(data) => (data.decode()?.case, News::Opened),
            Event::CaseAccepted(data) => (data.decode()?.case, News::Moved("责任单位已签收".into())),
            Event::CaseNoted(data) => match data.decode()? {
                noted if noted.public => (noted.case, News::Moved(noted.text)),
                _internal => return Ok(ChangeSet::default()),
            },
            Event::CaseEscalated(data) => (data.decode()?.case, News::Moved("已上报上一级办理".into())),
            Event::CaseDelegated(data) => (data.decode()?.case, News::Moved("已交办".into())),
            Event::CaseCalled(data) => (data.decode()?.case, News::Moved("已呼叫有关部门到场".into())),
            Event::CaseGroupCalled(data) => {
                (data.decode()?.case, News::Moved("已组织有关部门联合办理".into()))
            }
            Event::CaseAsked(data) => {
                let asked = data.decode()?;
                (asked.case, News::Moved(format!("请补充：{}", asked.question)))
            }
            Event::CaseAnswerMissed(data) => {
                (data.decode()?.case, News::Moved("未等到补充，已继续办理".into()))
            }
            Event::CaseSuspended(data) => {
                (data.decode()?.case, News::Moved("已列入难题挂账，将定期复查".into()))
            }
            Event::CaseResumed(data) => (data.decode()?.case, News::Moved("已恢复办理".into())),
            Event::CaseResolved(data) => {
                let resolved = data.decode()?;
                let attempt = resolved.case.as_ref().map_or(0, |case| case.attempt);
                (resolved.case, News::Settled { answer: resolved.answer, attempt })
            }
            Event::CaseDeclined(data) => {
                let declined = data.decode()?;
                let attempt = declined.case.as_ref().map_or(0, |case| case.attempt);
                let ground = declined.ground.unwrap_or_default().name;
                let answer = format!("不予受理（{ground}）：{}", declined.answer);
                (declined.case, News::Settled { answer, attempt })
            }
            Event::CaseReopened(data) => (data.decode()?.case, News::Reopened),
            Event::CaseClosed(data) => (data.decode()?.case, News::Moved("已销号".into())),
            // Clocks and judgements are for the offices; answers and additions are the reporter's own.
            Event::CaseLampTurned(_)
            | Event::CaseRecomputed(_)
            | Event::CaseAnswered(_)
            | Event::CaseJudged(_)
            | Event::CaseSuspensionReviewed(_)
            | Event::CaseSupplemented(_)
            | Event::CaseApprovalAsked(_)
            | Event::CaseApprovalRuled(_)
            | Event::CaseExtended(_)
            | Event::CaseAttached(_)
            | Event::CaseReturned(_)
            | Event::CaseArbitrated(_)
            | Event::CaseArbitrationClimbed(_)
            | Event::CaseSupervised(_)
            | Event::CaseSupervisionAnswered(_)
            | Event::CaseSupervisionClimbed(_)
            | Event::CaseToldUpward(_)
            | Event::CaseIdled(_)
            | Event::CaseChargeTaken(_)
            | Event::CaseChargeReported(_)
            | Event::CaseChargeEnded(_)
            | Event::CaseSupervisionLapsed(_)
            | Event::CaseConsulted(_)
            | Event::CaseGroupEnded(_) => return Ok(ChangeSet::default()),
        };
        let case = case.ok_or_else(|| Failure::Poison("the event names no case".into()))?;
        let requests = case.requests.iter().map(|id| parse(id)).collect::<Result<Vec<_>, _>>()?;
        self.app.hear(parse(&case.id)?, &requests, &news).await
    }
}

fn parse(id: &str) -> Result<Uuid, Failure> {
    id.parse().map_err(|_| Failure::Poison(format!("{id} is no UUID")))
}
