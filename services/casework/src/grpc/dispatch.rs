//! `DispatchService`: the called departments' side.

use std::pin::Pin;

use futures::{Stream, StreamExt as _};
use huying_chassis::{auth::Caller, page};
use huying_proto::casework::v1::{self as pb, dispatch_service_server::DispatchService};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{
    Rpc,
    access::{self, Bounds},
    convert, meta, validate,
};
use crate::app::watch::Seen;

#[tonic::async_trait]
impl DispatchService for Rpc {
    async fn respond_dispatch(
        &self,
        request: Request<pb::RespondDispatchRequest>,
    ) -> Result<Response<pb::Dispatch>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, response) = validate::respond(&request)?;
        let dispatch = self
            .app
            .respond(step.id, &access::by(&caller), response, &request.note, &meta(&caller, &request, step))
            .await?;
        Ok(Response::new(convert::dispatch(&dispatch)))
    }

    async fn arbitrate_dispatch(
        &self,
        request: Request<pb::ArbitrateDispatchRequest>,
    ) -> Result<Response<pb::Dispatch>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let step = validate::reasoned(&request.request_id, &request.id, request.version, &request.reason)?;
        let dispatch = self
            .app
            .arbitrate(
                step.id,
                &access::by(&caller),
                request.insist,
                &request.reason,
                &meta(&caller, &request, step),
            )
            .await?;
        Ok(Response::new(convert::dispatch(&dispatch)))
    }

    async fn get_dispatch(
        &self,
        request: Request<pb::GetDispatchRequest>,
    ) -> Result<Response<pb::Dispatch>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::id(&request.get_ref().id)?;
        let dispatch = self.app.dispatch(id, &access::by(&caller)).await?;
        Ok(Response::new(convert::dispatch(&dispatch)))
    }

    async fn list_dispatches(
        &self,
        request: Request<pb::ListDispatchesRequest>,
    ) -> Result<Response<pb::ListDispatchesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut dispatches = validate::dispatches(&request)?;
        match access::bounds(&caller, &dispatches.district, dispatches.unit.as_deref())? {
            Bounds::District => {}
            Bounds::Area(area) => dispatches.within = Some(area),
            Bounds::Unit(unit) => dispatches.unit = Some(unit),
        }
        let size = page::size(request.page_size)?;
        let found = self.app.dispatches(&dispatches, page::cursor(&request.page_token)?, size).await?;
        let next_page_token = page::next(&found, size, |last| last.id);
        let dispatches = found.iter().map(convert::dispatch).collect();
        Ok(Response::new(pb::ListDispatchesResponse { dispatches, next_page_token }))
    }

    type WatchDispatchesStream =
        Pin<Box<dyn Stream<Item = Result<pb::WatchDispatchesResponse, Status>> + Send>>;

    async fn watch_dispatches(
        &self,
        request: Request<pb::WatchDispatchesRequest>,
    ) -> Result<Response<Self::WatchDispatchesStream>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let after = validate::watch(&request)?;
        access::watch(&caller, &request.district, &request.unit)?;
        let seen = self.app.watch(request.district, request.unit, after);
        Ok(Response::new(Box::pin(ReceiverStream::new(seen).map(watched))))
    }
}

fn watched(seen: Seen) -> Result<pb::WatchDispatchesResponse, Status> {
    let (dispatch, at) = seen?;
    Ok(pb::WatchDispatchesResponse {
        dispatch: dispatch.as_ref().map(convert::dispatch),
        cursor: validate::cursor(at),
    })
}
