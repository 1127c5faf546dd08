//! `RateService`: how units are judged.

use huying_chassis::auth::Caller;
use huying_proto::evaluation::v1::{self as pb, rate_service_server::RateService};
use tonic::{Request, Response, Status};

use super::{Rpc, reach::Bounds, validate};
use crate::convert;

#[tonic::async_trait]
impl RateService for Rpc {
    async fn get_rates(
        &self,
        request: Request<pb::GetRatesRequest>,
    ) -> Result<Response<pb::GetRatesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let mut period = validate::get_rates(request.into_inner())?;
        let Bounds { area, unit } = Bounds::of(&caller, &period.district, &period.unit)?;
        (period.area, period.unit) = (area, unit);
        let (total, units) = self.app.rates(&period).await?;
        let units = units.into_iter().map(convert::rates).collect();
        Ok(Response::new(pb::GetRatesResponse { total: Some(convert::rates(total)), units }))
    }
}
