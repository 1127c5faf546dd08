//! `RateService`: how units, areas, categories and tiers are judged.

use std::pin::Pin;

use futures::{Stream, StreamExt as _};
use huying_chassis::auth::{Caller, outside};
use huying_proto::evaluation::v1::{self as pb, rate_service_server::RateService};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{Rpc, reach::Bounds, validate};
use crate::convert::rates;

#[tonic::async_trait]
impl RateService for Rpc {
    async fn get_rates(
        &self,
        request: Request<pb::GetRatesRequest>,
    ) -> Result<Response<pb::GetRatesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let mut wanted = validate::get_rates(request.into_inner())?;
        let Bounds { area, unit } = Bounds::of(&caller, &wanted.district, &wanted.unit, None)?;
        // Figures are of communities at most; a grid's are among its community's, which it sees by its unit alone.
        let reached = if area.is_empty() { wanted.district.clone() } else { area };
        if wanted.area.is_empty() {
            wanted.area = reached;
        } else if !wanted.area.starts_with(&reached) {
            return Err(outside().into());
        }
        wanted.unit = unit;
        validate::of_one_unit(&wanted)?;
        Ok(Response::new(rates::board(self.app.rates(&wanted).await?)))
    }

    type RecountStream = Pin<Box<dyn Stream<Item = Result<pb::RecountResponse, Status>> + Send>>;

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
