//! `DispatchService`: the called departments' side.

use std::pin::Pin;

use futures::{Stream, StreamExt as _};
use huying_chassis::{
    auth::Caller,
    log::watch::{News, Seen},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::{
    casework::v1::{self as pb, dispatch_service_server::DispatchService},
    head::Head,
};
use prost::{Message, Name};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{
    Rpc,
    access::{self, Bounds},
    lists, officer, period,
    validate::{self, WORDS, reason, words},
};
use crate::{
    app::read::COUNTED,
    convert,
    domain::{
        Dispatch, Step,
        dispatch::step::{Accept, Complete, Decline, Insist, Relead, Release, TakeBack},
    },
};

type DispatchAnswer = Result<Response<pb::Dispatch>, Status>;

impl Rpc {
    /// A step that is answered with the dispatch after it.
    async fn step_on_dispatch<M, S>(
        &self,
        request: Request<M>,
        read: impl FnOnce(&M, &mut Violations) -> S,
    ) -> DispatchAnswer
    where
        M: Head + Message + Name,
        S: Step<Dispatch>,
    {
        let (_, (dispatch, _)) = self.take(request, read).await?;
        Ok(Response::new(convert::dispatch(&dispatch)))
    }
}

#[tonic::async_trait]
impl DispatchService for Rpc {
    async fn respond_dispatch(&self, request: Request<pb::RespondDispatchRequest>) -> DispatchAnswer {
        match request.get_ref().response() {
            // What is none of the named values is refused here.
            pb::DispatchResponse::Accept | pb::DispatchResponse::Unspecified => {
                self.step_on_dispatch(request, |it, wrong| {
                    wrong.enum_value::<pb::DispatchResponse>("response", it.response);
                    Accept { note: wrong.text("note", &it.note, 0..=WORDS) }
                })
                .await
            }
            pb::DispatchResponse::Complete => {
                self.step_on_dispatch(request, |it, wrong| Complete { note: words(wrong, "note", &it.note) })
                    .await
            }
            pb::DispatchResponse::Decline => {
                self.step_on_dispatch(request, |it, wrong| Decline { note: words(wrong, "note", &it.note) })
                    .await
            }
        }
    }

    async fn appoint_dispatch_officer(
        &self,
        request: Request<pb::AppointDispatchOfficerRequest>,
    ) -> DispatchAnswer {
        self.step_on_dispatch(request, |it, wrong| officer::appoint(wrong, it.officer.as_ref())).await
    }

    async fn arbitrate_dispatch(&self, request: Request<pb::ArbitrateDispatchRequest>) -> DispatchAnswer {
        if request.get_ref().insist {
            self.step_on_dispatch(request, |it, wrong| {
                wrong.require("apt", !it.apt, "is said only of a dispatch that ends");
                Insist { reason: reason(wrong, &it.reason) }
            })
            .await
        } else {
            self.step_on_dispatch(request, |it, wrong| Release {
                reason: reason(wrong, &it.reason),
                apt: it.apt,
            })
            .await
        }
    }

    async fn take_back_dispatch(&self, request: Request<pb::TakeBackDispatchRequest>) -> DispatchAnswer {
        self.step_on_dispatch(request, |it, wrong| TakeBack { reason: reason(wrong, &it.reason) }).await
    }

    async fn relead_dispatch(&self, request: Request<pb::ReleadDispatchRequest>) -> DispatchAnswer {
        self.step_on_dispatch(request, |it, wrong| Relead { reason: reason(wrong, &it.reason) }).await
    }

    async fn get_dispatch(&self, request: Request<pb::GetDispatchRequest>) -> DispatchAnswer {
        let caller = Caller::of(&request)?;
        let id = validate::named(&request.get_ref().id)?;
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
        lists::inbox(&dispatches)?;
        let after = lists::place(&request.page_token, dispatches.order)?;
        let read = |size| self.app.dispatches(&dispatches, after, size);
        let (dispatches, next_page_token) = lists::told(size, read, convert::dispatch).await?;
        Ok(Response::new(pb::ListDispatchesResponse { dispatches, next_page_token }))
    }

    async fn count_dispatches(
        &self,
        request: Request<pb::CountDispatchesRequest>,
    ) -> Result<Response<pb::CountDispatchesResponse>, Status> {
        let caller = Caller::of(&request)?;
        let it = request.get_ref();
        let times = (it.from_time.as_ref(), it.until_time.as_ref());
        let (app, period) = (&self.app, &period::read(&caller, (&it.district, &it.area), times)?);
        let after = page::cursor(&it.page_token)?;
        let read = |most| async move {
            let (counts, next) = app.count_dispatches(period, after, most).await?;
            Ok::<_, Problem>(pb::CountDispatchesResponse {
                called: counts.called.into_iter().map(convert::tally::called).collect(),
                callers: counts.callers.into_iter().map(convert::tally::caller).collect(),
                next_page_token: page::token(next),
            })
        };
        Ok(Response::new(page::halved(COUNTED, read).await?))
    }

    type WatchDispatchesStream =
        Pin<Box<dyn Stream<Item = Result<pb::WatchDispatchesResponse, Status>> + Send>>;

    async fn watch_dispatches(
        &self,
        request: Request<pb::WatchDispatchesRequest>,
    ) -> Result<Response<Self::WatchDispatchesStream>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let after = validate::watch(&request.district, &request.unit, &request.cursor)?;
        access::watch(&caller, &request.district, &request.unit)?;
        let seen = self.app.watcher.watch(request.district, request.unit, after);
        Ok(Response::new(Box::pin(ReceiverStream::new(seen).map(watched))))
    }
}

fn watched(seen: Seen<Dispatch>) -> Result<pb::WatchDispatchesResponse, Status> {
    let (news, at) = seen?;
    let (dispatch, left) = match &news {
        News::Is(dispatch) => (Some(convert::dispatch(dispatch)), None),
        // The unit is no more: its successor has it.
        News::Left(dispatch) => (None, Some(convert::dispatch_left(dispatch))),
        News::Quiet => (None, None),
    };
    Ok(pb::WatchDispatchesResponse { dispatch, left, cursor: at.to_string() })
}
