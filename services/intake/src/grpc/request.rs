//! `RequestService`: taking requests, what is done for their reporters, and what is read of them.

use std::{pin::Pin, sync::Arc};

use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt as _};
use huying_chassis::{
    auth::Caller,
    log::{
        Aggregate as _, Meta, Versioned, not_found,
        watch::{News, Seen},
    },
    page,
    status::Problem,
};
use huying_proto::intake::v1::{self as pb, request_service_server::RequestService};
use prost::{Message, Name};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc, access,
    shown::{listed, shown, sight},
    submission, validate,
};
use crate::{
    app::{App, join::Joiner},
    convert,
    domain::{
        change::Change,
        request::{Line, Request as Stored},
    },
};

fn meta<M: Message + Name>(caller: &Caller, message: &M, request_id: Uuid) -> Meta {
    Meta::asked(caller, message, request_id, None)
}

/// Whether it is a request's number rather than its id: a profile's prefix is capital letters, then a day.
fn is_number(id: &str) -> bool {
    id.len() <= 40
        && id.split_once('-').is_some_and(|(prefix, _)| prefix.bytes().all(|byte| byte.is_ascii_uppercase()))
}

async fn watched(
    app: Arc<App>,
    caller: Arc<Caller>,
    seen: Seen<Stored>,
) -> Result<pb::WatchRequestsResponse, Status> {
    let (news, at) = seen?;
    let (request, left) = match &news {
        News::Is(request) => (listed(&app, &caller, &[request]).await?.pop(), None),
        News::Left(request) => {
            let number = request.it.number.clone();
            (None, Some(pb::RequestLeft { id: request.id.to_string(), number }))
        }
        News::Quiet => (None, None),
    };
    Ok(pb::WatchRequestsResponse { request, left, cursor: at.to_string() })
}

impl Rpc {
    /// A request that the caller sees.
    pub(super) async fn seen(&self, caller: &Caller, id: Uuid) -> Result<Versioned<Stored>, Problem> {
        let found = self.app.get(id).await?.filter(|found| access::sees(caller, &found.it));
        found.ok_or_else(|| not_found(Stored::KIND, id))
    }

    /// A page of a request's lines as they are told, and where the next one begins.
    async fn lines<T: Message>(
        &self,
        caller: &Caller,
        (id, size, from): (Uuid, i64, i64),
        line: fn(&Change, DateTime<Utc>) -> Option<Line>,
        told: fn(&Line) -> T,
    ) -> Result<(Vec<T>, String), Problem> {
        self.seen(caller, id).await?;
        let entries = self.app.lines(id, from, size, line).await?;
        Ok(page::shown(entries.iter(), size, |(version, _)| version + 1, |(_, line)| line.as_ref().map(told)))
    }

    /// The caller may act on this request for its reporter.
    async fn acting(&self, caller: &Caller, id: Uuid) -> Result<(), Problem> {
        access::act(caller, &self.seen(caller, id).await?.it)
    }
}

#[tonic::async_trait]
impl RequestService for Rpc {
    async fn submit_request(
        &self,
        request: Request<pb::SubmitRequestRequest>,
    ) -> Result<Response<pb::SubmitRequestResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let platform = access::platform(&caller);
        let (request_id, received) = submission::read(request.clone(), platform, self.app.log.now())?;
        caller.reach.within(&received.submission.district)?;
        access::door(&caller, received.submission.channel)?;
        access::history(&caller, received.closed.is_some())?;
        let meta = meta(&caller, &request, request_id);
        let sees = |taken: &Stored| access::sees(&caller, taken);
        let knows = |taken: &Stored| access::knows_order(&caller, taken);
        let taken = self.app.submit(received, (sees, knows), &meta).await?;
        let tracking_token = self.app.tracking_token(&taken);
        let request = Some(shown(&self.app, &caller, &taken).await?);
        Ok(Response::new(pb::SubmitRequestResponse { request, tracking_token }))
    }

    async fn add_information(
        &self,
        request: Request<pb::AddInformationRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let ids = (request.request_id.as_str(), request.id.as_str());
        let (request_id, id, content) = validate::step(ids, "content", &request.content, 1..=2000)?;
        self.acting(&caller, id).await?;
        let done = self.app.add(id, content, &meta(&caller, &request, request_id)).await?;
        Ok(Response::new(shown(&self.app, &caller, &done).await?))
    }

    async fn join_request(
        &self,
        request: Request<pb::JoinRequestRequest>,
    ) -> Result<Response<pb::JoinRequestResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, id, reporter, content) = submission::joining(&request)?;
        let found = self.app.get(id).await?.filter(|found| access::may_join(&caller, &found.it));
        let found = found.ok_or_else(|| not_found(Stored::KIND, id))?;
        let by = Joiner {
            door: access::joins_by(&caller, &found.it.submission.district),
            reaches: |it: &Stored| access::may_reach(&caller, it),
        };
        let meta = meta(&caller, &request, request_id);
        let done = self.app.join(id, reporter, content, &by, &meta).await?;
        let tracking_token = self.app.joiner_token(&done);
        let (number, joined) = (done.it.number, done.it.joined);
        Ok(Response::new(pb::JoinRequestResponse { number, tracking_token, joined }))
    }

    async fn withdraw_request(
        &self,
        request: Request<pb::WithdrawRequestRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let ids = (request.request_id.as_str(), request.id.as_str());
        let (request_id, id, reason) = validate::step(ids, "reason", &request.reason, 0..=500)?;
        self.acting(&caller, id).await?;
        let done = self.app.withdraw(id, reason, &meta(&caller, &request, request_id)).await?;
        Ok(Response::new(shown(&self.app, &caller, &done).await?))
    }

    async fn tell_progress(
        &self,
        request: Request<pb::TellProgressRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let ids = (request.request_id.as_str(), request.id.as_str());
        let (request_id, id, text) = validate::step(ids, "text", &request.text, 1..=2000)?;
        self.seen(&caller, id).await?;
        let may_tell = |it: &Stored| access::may_tell(&caller, it);
        let done = self.app.tell_progress(id, text, may_tell, &meta(&caller, &request, request_id)).await?;
        Ok(Response::new(shown(&self.app, &caller, &done).await?))
    }

    async fn answer_request(
        &self,
        request: Request<pb::AnswerRequestRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let ids = (request.request_id.as_str(), request.id.as_str());
        let (request_id, id, answer) = validate::step(ids, "answer", &request.answer, 1..=8000)?;
        self.seen(&caller, id).await?;
        let may_tell = |it: &Stored| access::may_tell(&caller, it);
        let done = self.app.answer(id, answer, may_tell, &meta(&caller, &request, request_id)).await?;
        Ok(Response::new(shown(&self.app, &caller, &done).await?))
    }

    async fn raise_objection(
        &self,
        request: Request<pb::RaiseObjectionRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let ids = (request.request_id.as_str(), request.id.as_str());
        let (request_id, id, reason) = validate::step(ids, "reason", &request.reason, 1..=2000)?;
        self.acting(&caller, id).await?;
        let done = self.app.object(id, reason, &meta(&caller, &request, request_id)).await?;
        Ok(Response::new(shown(&self.app, &caller, &done).await?))
    }

    async fn get_request(
        &self,
        request: Request<pb::GetRequestRequest>,
    ) -> Result<Response<pb::Request>, Status> {
        let caller = Caller::of(&request)?;
        let id = &request.get_ref().id;
        let found = match is_number(id) {
            true => self.app.by_number(id).await?,
            false => self.app.get(validate::named(id)?).await?,
        };
        let seen = found.filter(|found| access::sees(&caller, &found.it));
        let found = seen.ok_or_else(|| not_found(Stored::KIND, id))?;
        Ok(Response::new(shown(&self.app, &caller, &found).await?))
    }

    async fn list_additions(
        &self,
        request: Request<pb::ListAdditionsRequest>,
    ) -> Result<Response<pb::ListAdditionsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let pb::ListAdditionsRequest { id, page_size, page_token } = request.get_ref();
        let wanted = validate::lines(id, *page_size, page_token)?;
        let (additions, next_page_token) =
            self.lines(&caller, wanted, Change::addition, convert::addition).await?;
        Ok(Response::new(pb::ListAdditionsResponse { additions, next_page_token }))
    }

    async fn list_progress(
        &self,
        request: Request<pb::ListProgressRequest>,
    ) -> Result<Response<pb::ListProgressResponse>, Status> {
        let caller = Caller::of(&request)?;
        let pb::ListProgressRequest { id, page_size, page_token } = request.get_ref();
        let wanted = validate::lines(id, *page_size, page_token)?;
        let (progress, next_page_token) =
            self.lines(&caller, wanted, Change::progress, convert::progress).await?;
        Ok(Response::new(pb::ListProgressResponse { progress, next_page_token }))
    }

    async fn list_requests(
        &self,
        request: Request<pb::ListRequestsRequest>,
    ) -> Result<Response<pb::ListRequestsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (filter, flag) = validate::list(&request, access::platform(&caller))?;
        let filter = access::narrow(&caller, filter, flag)?;
        let size = page::size(request.page_size)?;
        let (found, next) = self.app.list(&filter, page::cursor(&request.page_token)?, size).await?;
        // By a flag that the caller is not shown nothing is found.
        let shown_flag = |it: &Stored, flag| sight(&caller, it).flags(it).any(|shown| shown == flag);
        let wanted = |it: &Stored| filter.are(it) && flag.is_none_or(|flag| shown_flag(it, flag));
        let seen = |it: &Stored| wanted(it) && access::sees(&caller, it);
        let all: Vec<_> = found.iter().filter(|found| seen(&found.it)).collect();
        let mut all = listed(&self.app, &caller, &all).await?.into_iter();
        let show = |found: &Versioned<Stored>| if seen(&found.it) { all.next() } else { None };
        let (requests, token) = page::shown(found.iter(), size, |last| filter.after(last), show);
        let next_page_token = if token.is_empty() { page::token(next) } else { token };
        Ok(Response::new(pb::ListRequestsResponse { requests, next_page_token }))
    }

    type WatchRequestsStream = Pin<Box<dyn Stream<Item = Result<pb::WatchRequestsResponse, Status>> + Send>>;

    async fn watch_requests(
        &self,
        request: Request<pb::WatchRequestsRequest>,
    ) -> Result<Response<Self::WatchRequestsStream>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let after = validate::watch(&request)?;
        let told = access::watch(&caller, &request.district, request.unit)?;
        let seen = self.app.watcher.watch(request.district, told, after);
        let app = self.app.clone();
        let watched = move |seen| watched(app.clone(), caller.clone(), seen);
        Ok(Response::new(Box::pin(ReceiverStream::new(seen).then(watched))))
    }

    async fn track_request(
        &self,
        request: Request<pb::TrackRequestRequest>,
    ) -> Result<Response<pb::Track>, Status> {
        let request = request.into_inner();
        validate::track(&request)?;
        let (found, bearer, profile) = self.app.track(&request.number, &request.tracking_token).await?;
        Ok(Response::new(convert::track(&found.it, bearer, &profile)))
    }
}
