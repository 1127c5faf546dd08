//! `EffectService`: whether fewer call and more are satisfied.

use huying_chassis::auth::Caller;
use huying_proto::evaluation::v1::{self as pb, effect_service_server::EffectService};
use tonic::{Request, Response, Status};

use super::{
    Rpc,
    reach::{Bounds, told_of},
    validate,
};
use crate::convert::effect;

#[tonic::async_trait]
impl EffectService for Rpc {
    async fn get_effect(
        &self,
        request: Request<pb::GetEffectRequest>,
    ) -> Result<Response<pb::GetEffectResponse>, Status> {
        let caller = Caller::of(&request)?;
        let mut wanted = validate::get_effect(request.into_inner())?;
        let Bounds { area, .. } = Bounds::of(&caller, &wanted.district, "", None)?;
        wanted.area = told_of(wanted.area, area, &wanted.district)?;
        Ok(Response::new(effect::effect(&self.app.effect(&wanted).await?)))
    }
}
