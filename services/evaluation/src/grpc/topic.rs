//! `TopicService`: common issues, and what is done about them.

mod problem;
mod validate;

use huying_chassis::{
    auth::{Caller, Role, outside},
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
};
use huying_proto::evaluation::v1::{self as pb, topic_service_server::TopicService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc,
    reach::{Bounds, OFFICES},
};
use crate::{
    app::topic::Reporting,
    convert::topic as convert,
    domain::{
        topic::Topic,
        wanted::{TopicScope, Topics},
    },
};

/// Whether a topic lies in the area of somebody of one of these roles.
fn within(caller: &Caller, roles: &[Role], topic: &Topic) -> bool {
    caller.has_any(roles) && caller.reach.sees(&topic.district, &topic.area)
}

/// Offices see what lies in their area, and everybody what their unit has to do with.
fn sees(caller: &Caller, topic: &Topic) -> bool {
    let own = caller.reach.unit_in(&topic.district);
    within(caller, OFFICES, topic) || own.is_some_and(|unit| topic.concerns(unit))
}

/// Who leads a topic of their area.
const LEADING: &[Role] = &[Role::Leader, Role::Desk];

impl Rpc {
    /// A topic. One out of reach is answered as one that is not there.
    async fn topic_within_reach(&self, caller: &Caller, id: Uuid) -> Result<Versioned<Topic>, Problem> {
        let topic = self.app.topic(id).await?.filter(|topic| sees(caller, &topic.it));
        topic.ok_or_else(|| not_found(Topic::KIND, id))
    }

    /// The same for those who lead it: a street's desk may have a measure of a topic of the whole district, which it does not lead.
    async fn led_topic(&self, caller: &Caller, id: Uuid) -> Result<(), Problem> {
        let topic = self.topic_within_reach(caller, id).await?;
        if within(caller, LEADING, &topic.it) { Ok(()) } else { Err(outside()) }
    }
}

#[tonic::async_trait]
impl TopicService for Rpc {
    async fn open_topic(
        &self,
        request: Request<pb::OpenTopicRequest>,
    ) -> Result<Response<pb::Topic>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, opening) = validate::open(request.clone())?;
        if !caller.reach.sees(&opening.district, &opening.area) {
            return Err(outside().into());
        }
        let meta = Meta::asked(&caller, &request, request_id, None);
        Ok(Response::new(convert::topic(self.app.open_topic(opening, &meta).await?)))
    }

    async fn change_topic(
        &self,
        request: Request<pb::ChangeTopicRequest>,
    ) -> Result<Response<pb::Topic>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, says) = validate::change(request.clone())?;
        self.led_topic(&caller, step.id).await?;
        let changed = self.app.change_topic(step.id, &step.meta(&caller, &request), &says).await;
        Ok(Response::new(convert::topic(changed.map_err(Problem::from)?)))
    }

    async fn attach_cases(
        &self,
        request: Request<pb::AttachCasesRequest>,
    ) -> Result<Response<pb::Topic>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, cases) = validate::attach(&request)?;
        self.led_topic(&caller, step.id).await?;
        let attached = self.app.attach_cases(step.id, &step.meta(&caller, &request), &cases).await;
        Ok(Response::new(convert::topic(attached.map_err(Problem::from)?)))
    }

    async fn report_measure(
        &self,
        request: Request<pb::ReportMeasureRequest>,
    ) -> Result<Response<pb::Topic>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, number, note) = validate::report(&request)?;
        let topic = self.topic_within_reach(&caller, step.id).await?.it;
        let own = || caller.reach.unit_in(&topic.district).unwrap_or_default().to_owned();
        let unit = (!within(&caller, LEADING, &topic)).then(own);
        let done = Reporting { number, note, unit };
        let reported = self.app.report_measure(step.id, &step.meta(&caller, &request), &done).await;
        Ok(Response::new(convert::topic(reported.map_err(Problem::from)?)))
    }

    async fn test_topic(
        &self,
        request: Request<pb::TestTopicRequest>,
    ) -> Result<Response<pb::Topic>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, days) = validate::test(&request)?;
        self.led_topic(&caller, step.id).await?;
        let tested = self.app.test_topic(step.id, &step.meta(&caller, &request), days).await;
        Ok(Response::new(convert::topic(tested.map_err(Problem::from)?)))
    }

    async fn withdraw_topic(
        &self,
        request: Request<pb::WithdrawTopicRequest>,
    ) -> Result<Response<pb::Topic>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, note) = validate::withdraw(&request)?;
        self.led_topic(&caller, step.id).await?;
        let withdrawn = self.app.withdraw_topic(step.id, &step.meta(&caller, &request), &note).await;
        Ok(Response::new(convert::topic(withdrawn.map_err(Problem::from)?)))
    }

    async fn get_topic(&self, request: Request<pb::GetTopicRequest>) -> Result<Response<pb::Topic>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::get(&request.into_inner())?;
        Ok(Response::new(convert::topic(self.topic_within_reach(&caller, id).await?)))
    }

    async fn list_topics(
        &self,
        request: Request<pb::ListTopicsRequest>,
    ) -> Result<Response<pb::ListTopicsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let validate::List { district, area, owner, state, size, after } =
            validate::list(request.into_inner())?;
        let Bounds { area: within, unit } = Bounds::of(&caller, &district, &owner, None)?;
        if !area.is_empty() && !area.starts_with(&within) {
            return Err(outside().into());
        }
        // Of one street; an area within a street has none of its own.
        let area = if area.is_empty() { within } else { area };
        let area = if area == district { String::new() } else { area };
        let scope = match (unit.is_empty(), area.is_empty()) {
            (false, _) => TopicScope::Owner(unit),
            (true, false) => TopicScope::Area(area.clone()),
            (true, true) => TopicScope::District,
        };
        // What one's own unit owns lies anywhere in the district.
        let own = caller.reach.is_unit(&district, &owner);
        let wanted = Topics { scope, within: if own { String::new() } else { area }, district, state };
        let page = self.app.topics(&wanted, after, size).await?;
        let told = |it| Some(convert::without_cases(it));
        let (topics, next_page_token) = page::shown(page.into_iter(), size, |last| last.id, told);
        Ok(Response::new(pb::ListTopicsResponse { topics, next_page_token }))
    }
}
