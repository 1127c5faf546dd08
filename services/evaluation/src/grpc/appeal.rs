//! `AppealService`: a judged unit says that a verdict is wrong, and somebody else decides.

use huying_chassis::{
    auth::Caller,
    page,
    status::Problem,
    validate::{Named, Violations},
};
use huying_proto::evaluation::v1::{self as pb, appeal_service_server::AppealService};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Rpc, reach::Bounds, validate};
use crate::{
    convert,
    domain::{
        appeal::{Lodged, Ruling},
        wanted::Appeals,
    },
};

fn lodge_appeal(request: &pb::LodgeAppealRequest) -> Result<(Named, Lodged), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let ground = v.enum_value("ground", request.ground).and_then(convert::appeal::ground_from);
    let text = v.text("text", &request.text, 1..=1000);
    v.finish()?;
    let Some(ground) = ground else { return Err(Problem::bug(anyhow::anyhow!("a ground has no word"))) };
    Ok((head, Lodged { ground, text }))
}

fn decide_appeal(request: &pb::DecideAppealRequest) -> Result<(Named, Ruling), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let text = v.text("decision", &request.decision, 1..=1000);
    v.finish()?;
    Ok((head, Ruling { upheld: request.upheld, text }))
}

/// ListAppeals, checked, for a caller.
fn list_appeals(
    caller: &Caller,
    request: pb::ListAppealsRequest,
) -> Result<(Appeals, Option<Uuid>, i64), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    let state = pb::AppealState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values, or unspecified for all");
    validate::unit(&mut v, &request.unit);
    v.finish()?;
    let (size, after) = (page::size(request.page_size)?, page::cursor(&request.page_token)?);
    let Bounds { area, unit } = Bounds::of(caller, &request.district, &request.unit, None)?;
    let state = state.ok().and_then(convert::appeal::state_asked);
    Ok((Appeals { district: request.district, area, unit, state }, after, size))
}

#[tonic::async_trait]
impl AppealService for Rpc {
    async fn lodge_appeal(
        &self,
        request: Request<pb::LodgeAppealRequest>,
    ) -> Result<Response<pb::Callback>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, lodged) = lodge_appeal(&request)?;
        self.within_reach(&caller, step.id).await?;
        let lodged = self.app.lodge(step.id, &step.meta(&caller, &request), &lodged).await;
        Ok(Response::new(convert::callback(lodged.map_err(Problem::from)?)))
    }

    async fn decide_appeal(
        &self,
        request: Request<pb::DecideAppealRequest>,
    ) -> Result<Response<pb::Callback>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, ruling) = decide_appeal(&request)?;
        self.within_reach(&caller, step.id).await?;
        let decided = self.app.rule(step.id, &step.meta(&caller, &request), &ruling).await;
        Ok(Response::new(convert::callback(decided.map_err(Problem::from)?)))
    }

    async fn list_appeals(
        &self,
        request: Request<pb::ListAppealsRequest>,
    ) -> Result<Response<pb::ListAppealsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let (wanted, after, size) = list_appeals(&caller, request.into_inner())?;
        let page = self.app.appeals(&wanted, after, size).await?;
        let told = |it| Some(convert::callback(it));
        let (callbacks, next_page_token) = page::shown(page.into_iter(), size, |last| last.id, told);
        Ok(Response::new(pb::ListAppealsResponse { callbacks, next_page_token }))
    }
}
