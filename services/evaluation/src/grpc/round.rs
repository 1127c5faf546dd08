//! `RoundService`: samples of those whose cases were resolved, and what they say.

mod problem;
mod validate;

use huying_chassis::{
    auth::{Caller, outside},
    log::{Aggregate as _, Meta, Versioned, not_found},
    page,
    status::Problem,
};
use huying_proto::evaluation::v1::{self as pb, round_service_server::RoundService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::Rpc;
use crate::{
    convert::round as convert,
    domain::{
        interview::Interview,
        round::Round,
        wanted::{InterviewScope, Interviews, Place, Placed},
    },
};

impl Rpc {
    /// A round. One out of reach is answered as one that is not there.
    async fn round_within_reach(&self, caller: &Caller, id: Uuid) -> Result<Versioned<Round>, Problem> {
        let sees = |round: &Round| caller.reach.sees(&round.plan.district, &round.plan.population.area);
        let round = self.app.round(id).await?.filter(|round| sees(&round.it));
        round.ok_or_else(|| not_found(Round::KIND, id))
    }

    /// An interview, likewise, by where its case lies.
    async fn interview_within_reach(&self, caller: &Caller, id: Uuid) -> Result<(), Problem> {
        let sees = |it: &Interview| caller.reach.sees(&it.drawn.district, &it.drawn.area);
        let interview = self.app.interview(id).await?.filter(|it| sees(&it.it));
        interview.map(drop).ok_or_else(|| not_found(Interview::KIND, id))
    }
}

#[tonic::async_trait]
impl RoundService for Rpc {
    async fn begin_round(
        &self,
        request: Request<pb::BeginRoundRequest>,
    ) -> Result<Response<pb::Round>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, plan) = validate::begin_round(request.clone())?;
        if !caller.reach.sees(&plan.district, &plan.population.area) {
            return Err(outside().into());
        }
        let meta = Meta::asked(&caller, &request, request_id, None);
        Ok(Response::new(convert::round(self.app.begin_round(plan, &meta).await?)))
    }

    async fn get_round(&self, request: Request<pb::GetRoundRequest>) -> Result<Response<pb::Round>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::id(&request.into_inner().id)?;
        Ok(Response::new(convert::round(self.round_within_reach(&caller, id).await?)))
    }

    async fn list_rounds(
        &self,
        request: Request<pb::ListRoundsRequest>,
    ) -> Result<Response<pb::ListRoundsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let (district, size, after) = validate::list_rounds(request.into_inner())?;
        let area = caller.reach.within(&district)?.to_owned();
        let page = self.app.rounds(&Placed { district, area }, after, size).await?;
        let rounds = |it| Some(convert::round(it));
        let (rounds, next_page_token) = page::shown(page.into_iter(), size, |last| last.id, rounds);
        Ok(Response::new(pb::ListRoundsResponse { rounds, next_page_token }))
    }

    async fn list_interviews(
        &self,
        request: Request<pb::ListInterviewsRequest>,
    ) -> Result<Response<pb::ListInterviewsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let validate::List { district, scope, state, size, after } =
            validate::list_interviews(request.into_inner())?;
        let within = caller.reach.within(&district)?;
        if let InterviewScope::Round(round, _) = &scope {
            self.round_within_reach(&caller, *round).await?;
        }
        let area = if within == district { String::new() } else { within.to_owned() };
        let wanted = Interviews { scope, area, district, state };
        let page = self.app.interviews(&wanted, after, size).await?;
        let place = |last: &Versioned<Interview>| Place {
            stratum: last.it.drawn.stratum.clone(),
            place: last.it.drawn.place,
            id: last.id,
        };
        let told = |it| Some(convert::interview(it));
        let (interviews, next_page_token) = page::shown(page.into_iter(), size, place, told);
        Ok(Response::new(pb::ListInterviewsResponse { interviews, next_page_token }))
    }

    async fn hand_out(
        &self,
        request: Request<pb::HandOutRequest>,
    ) -> Result<Response<pb::HandOutResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, handing) = validate::hand_out(request.clone())?;
        self.round_within_reach(&caller, step.id).await?;
        let handed = self.app.hand_out(&handing, &step.meta(&caller, &request)).await;
        let (waiting, left) = handed.map_err(Problem::from)?;
        let size = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let share = |(one, waiting)| pb::Share {
            interviewer: Some(convert::interviewer(one)),
            waiting: size(waiting),
        };
        let shares = handing.to.into_iter().zip(waiting).map(share).collect();
        Ok(Response::new(pb::HandOutResponse { shares, left: size(left) }))
    }

    async fn record_interview(
        &self,
        request: Request<pb::RecordInterviewRequest>,
    ) -> Result<Response<pb::RecordInterviewResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, recording) = validate::record_interview(&request)?;
        self.interview_within_reach(&caller, step.id).await?;
        let recorded = self.app.record_interview(&recording, &step.meta(&caller, &request)).await;
        let (interview, replacement) = recorded.map_err(Problem::from)?;
        Ok(Response::new(pb::RecordInterviewResponse {
            interview: Some(convert::interview(interview)),
            replacement: replacement.map(convert::interview),
        }))
    }

    async fn close_round(
        &self,
        request: Request<pb::CloseRoundRequest>,
    ) -> Result<Response<pb::Round>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let step = validate::close_round(&request)?;
        self.round_within_reach(&caller, step.id).await?;
        let closed = self.app.close_round(step.id, &step.meta(&caller, &request)).await;
        Ok(Response::new(convert::round(closed.map_err(Problem::from)?)))
    }

    async fn get_round_report(
        &self,
        request: Request<pb::GetRoundReportRequest>,
    ) -> Result<Response<pb::RoundReport>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::id(&request.into_inner().id)?;
        let round = self.round_within_reach(&caller, id).await?;
        let report = self.app.round_report(&round).await?;
        Ok(Response::new(convert::report(round, report)))
    }
}
