//! `OverdueService`: how old what is overdue is.

use huying_chassis::{auth::Caller, status::Problem, validate::Violations};
use huying_proto::evaluation::v1::{self as pb, overdue_service_server::OverdueService};
use tonic::{Request, Response, Status};

use super::{
    Rpc,
    reach::{Bounds, told_of},
    validate,
};
use crate::{convert, domain::wanted::Late};

#[tonic::async_trait]
impl OverdueService for Rpc {
    async fn count_overdue(
        &self,
        request: Request<pb::CountOverdueRequest>,
    ) -> Result<Response<pb::CountOverdueResponse>, Status> {
        let caller = Caller::of(&request)?;
        let mut wanted = count_overdue(request.into_inner())?;
        let Bounds { area, unit } = Bounds::of(&caller, &wanted.district, &wanted.unit, None)?;
        wanted.area = told_of(wanted.area, area, &wanted.district)?;
        wanted.unit = unit;
        Ok(Response::new(convert::overdue::overdue(&self.app.overdue(&wanted).await?)))
    }
}

fn count_overdue(request: pb::CountOverdueRequest) -> Result<Late, Problem> {
    let pb::CountOverdueRequest { district, area, unit, to_date } = request;
    let mut v = Violations::new();
    v.digits("district", &district, &[6, 9]);
    validate::unit(&mut v, &unit);
    validate::area(&mut v, &area, &district);
    let to = (!to_date.is_empty()).then(|| validate::day(&mut v, "to_date", &to_date));
    v.finish()?;
    Ok(Late { district, area, unit, to })
}
