//! `RateService`: how units, areas, categories and tiers are judged.

use std::pin::Pin;

use futures::{Stream, StreamExt as _};
use huying_chassis::{
    auth::{Caller, outside},
    page,
    status::Problem,
};
use huying_proto::evaluation::v1::{self as pb, rate_service_server::RateService};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{
    Rpc,
    reach::{Bounds, told_of},
    trial, validate,
};
use crate::{convert::rates, domain::wanted::Rates};

/// A stream of answers.
type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// What is asked for, as far as the caller reaches.
fn within_reach(caller: &Caller, request: pb::GetRatesRequest) -> Result<Rates, Problem> {
    let mut wanted = validate::get_rates(request)?;
    let Bounds { area, unit } = Bounds::of(caller, &wanted.district, &wanted.unit, None)?;
    wanted.area = told_of(wanted.area, area, &wanted.district)?;
    wanted.unit = unit;
    validate::of_one_unit(&wanted)?;
    Ok(wanted)
}

#[tonic::async_trait]
impl RateService for Rpc {
    async fn get_rates(
        &self,
        request: Request<pb::GetRatesRequest>,
    ) -> Result<Response<pb::GetRatesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let wanted = within_reach(&caller, request.into_inner())?;
        Ok(Response::new(rates::board(self.app.rates(&wanted).await?, page::WHOLE)))
    }

    type WatchRatesStream = Answers<pb::GetRatesResponse>;

    async fn watch_rates(
        &self,
        request: Request<pb::WatchRatesRequest>,
    ) -> Result<Response<Self::WatchRatesStream>, Status> {
        let caller = Caller::of(&request)?;
        let wanted = within_reach(&caller, request.into_inner().rates.unwrap_or_default())?;
        let told = ReceiverStream::new(self.app.watch_rates(wanted, self.stop.clone()));
        Ok(Response::new(Box::pin(told.map(|told| Ok(rates::board(told?, page::WHOLE))))))
    }

    type SimulateRatesStream = Answers<pb::SimulateRatesResponse>;

    async fn simulate_rates(
        &self,
        request: Request<pb::SimulateRatesRequest>,
    ) -> Result<Response<Self::SimulateRatesStream>, Status> {
        let caller = Caller::of(&request)?;
        let (wanted, book) = trial::simulate_rates(request.into_inner())?;
        if !caller.reach.governs(&wanted.district) {
            return Err(outside().into());
        }
        let simulated = ReceiverStream::new(self.app.simulate(wanted, book));
        Ok(Response::new(Box::pin(simulated.map(|told| Ok(rates::simulated(told?))))))
    }

    type RecountStream = Answers<pb::RecountResponse>;

    async fn recount(
        &self,
        request: Request<pb::RecountRequest>,
    ) -> Result<Response<Self::RecountStream>, Status> {
        let caller = Caller::of(&request)?;
        let (district, check) = validate::recount(request.into_inner())?;
        if !caller.reach.governs(&district) {
            return Err(outside().into());
        }
        let counted = ReceiverStream::new(self.app.recount(district, check));
        Ok(Response::new(Box::pin(counted.map(|told| Ok(rates::recount(told?))))))
    }
}
