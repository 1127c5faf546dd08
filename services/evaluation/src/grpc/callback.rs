//! `CallbackService`: who is to be called back, and what they said.

use huying_chassis::{
    auth::{Caller, Role},
    log::{Meta, Versioned, not_found},
    page,
    status::Problem,
    validate::Violations,
};
use huying_proto::evaluation::v1::{self as pb, callback_service_server::CallbackService};
use huying_wire::instant;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc,
    reach::{self, Bounds},
    validate,
};
use crate::{
    convert,
    domain::{
        callback::Callback,
        verdict::By,
        wanted::{Cursor, Filter, Scope},
    },
};

/// The word for a callback in answers.
const CALLBACK: &str = "callback";

impl Rpc {
    /// A callback. One out of reach is answered as one that is not there.
    pub(super) async fn within_reach(
        &self,
        caller: &Caller,
        id: Uuid,
    ) -> Result<Versioned<Callback>, Problem> {
        let found = self.app.get(id).await?;
        let it = found.as_ref().map(|found| &found.it);
        let seen = it.is_some_and(|it| reach::sees(caller, it)) || self.took(caller, id, it).await?.is_some();
        found.filter(|_| seen).ok_or_else(|| not_found(CALLBACK, id))
    }

    /// As whom a caller asks the reporter: the centre for its area, or whoever took the request. Who is neither, and does not see the callback,
    /// is told that there is none.
    async fn asks_as(&self, caller: &Caller, id: Uuid) -> Result<By, Problem> {
        let it = self.app.get(id).await?.map(|found| found.it);
        let sees = it.as_ref().is_some_and(|it| reach::sees(caller, it));
        if sees && caller.has_any(&[Role::Callback, Role::Leader]) {
            return Ok(By::Centre);
        }
        // An officer of the unit that it judges, who may not: the domain says why.
        if sees && caller.has(Role::Officer) {
            return Ok(By::FirstContact);
        }
        self.took(caller, id, it.as_ref()).await?.ok_or_else(|| not_found(CALLBACK, id))
    }

    /// As whom a caller took the request that a callback asks about; none where somebody else did. Of a callback that is not there intake is
    /// asked all the same, about a request that is not there either: what is out of reach takes no longer.
    async fn took(
        &self,
        caller: &Caller,
        id: Uuid,
        callback: Option<&Callback>,
    ) -> Result<Option<By>, Problem> {
        let district = callback.map_or("", |it| it.opened.district.as_str());
        let request = callback.and_then(Callback::asked).unwrap_or(id);
        self.took_request(caller, district, request).await
    }

    /// Intake is asked only for callers who may have taken something.
    async fn took_request(
        &self,
        caller: &Caller,
        district: &str,
        request: Uuid,
    ) -> Result<Option<By>, Problem> {
        if !reach::takes(caller) {
            return Ok(None);
        }
        Ok(reach::took(caller, district, &self.app.intake.taken(request).await?))
    }

    /// What a list is read from. A request's callbacks are told to whoever took it, whichever unit they judge.
    async fn filter(&self, caller: &Caller, list: validate::List) -> Result<Filter, Problem> {
        let validate::List { district, state, unit, case, request, .. } = list;
        let whole = match request {
            Some(request) => self.took_request(caller, &district, request).await?.is_some(),
            None => false,
        };
        let Bounds { area, unit } = match whole {
            true => Bounds { area: String::new(), unit },
            false => Bounds::of(caller, &district, &unit, request)?,
        };
        let scope = match (case, request) {
            (_, Some(request)) => Scope::Request(request),
            (Some(case), None) => Scope::Case(case),
            (None, None) => reach::scope(&area, &unit),
        };
        Ok(Filter { scope, district, area, unit, state })
    }
}

/// As far as the caller sees it.
fn told(caller: &Caller, it: Versioned<Callback>) -> pb::Callback {
    if reach::sees(caller, &it.it) { convert::callback(it) } else { convert::callback_as_taken(it) }
}

#[tonic::async_trait]
impl CallbackService for Rpc {
    async fn get_callback(
        &self,
        request: Request<pb::GetCallbackRequest>,
    ) -> Result<Response<pb::Callback>, Status> {
        let caller = Caller::of(&request)?;
        let id = validate::get_callback(&request.into_inner())?;
        Ok(Response::new(told(&caller, self.within_reach(&caller, id).await?)))
    }

    async fn list_callbacks(
        &self,
        request: Request<pb::ListCallbacksRequest>,
    ) -> Result<Response<pb::ListCallbacksResponse>, Status> {
        let caller = Caller::of(&request)?;
        let list = validate::list_callbacks(request.into_inner())?;
        let (after, size) = (list.after, list.size);
        let filter = self.filter(&caller, list).await?;
        let page = self.app.list(&filter, after, size).await?;
        let place = |last: &Versioned<Callback>| Cursor { lapse_at: last.it.opened.due_at, id: last.id };
        let told = |it| Some(told(&caller, it));
        let (callbacks, next_page_token) = page::shown(page.into_iter(), size, place, told);
        Ok(Response::new(pb::ListCallbacksResponse { callbacks, next_page_token }))
    }

    async fn record_verdict(
        &self,
        request: Request<pb::RecordVerdictRequest>,
    ) -> Result<Response<pb::Callback>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, said) = validate::record_verdict(request.clone())?;
        let by = self.asks_as(&caller, step.id).await?;
        let judged = self.app.judge(step.id, &step.meta(&caller, &request), by, &said).await;
        Ok(Response::new(told(&caller, judged.map_err(Problem::from)?)))
    }

    async fn record_attempt(
        &self,
        request: Request<pb::RecordAttemptRequest>,
    ) -> Result<Response<pb::Callback>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (step, outcome, note) = validate::record_attempt(&request)?;
        let by = self.asks_as(&caller, step.id).await?;
        let meta = step.meta(&caller, &request);
        let attempted = self.app.attempt(step.id, &meta, by, (outcome, &note)).await;
        Ok(Response::new(told(&caller, attempted.map_err(Problem::from)?)))
    }

    async fn issue_verdict_link(
        &self,
        request: Request<pb::IssueVerdictLinkRequest>,
    ) -> Result<Response<pb::IssueVerdictLinkResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let step = v.head(&request);
        v.finish()?;
        let by = self.asks_as(&caller, step.id).await?;
        let issued = self.app.issue_link(step.id, &step.meta(&caller, &request), by).await;
        let (callback, token) = issued.map_err(Problem::from)?;
        Ok(Response::new(pb::IssueVerdictLinkResponse {
            expire_time: Some(instant::write(callback.it.opened.due_at)),
            callback: Some(told(&caller, callback)),
            token: token.unwrap_or_default(),
        }))
    }

    async fn give_verdict(
        &self,
        request: Request<pb::GiveVerdictRequest>,
    ) -> Result<Response<pb::GiveVerdictResponse>, Status> {
        let request = request.into_inner();
        let (request_id, said) = validate::give_verdict(&request)?;
        let id = self.app.by_token(&request.token).await?;
        // Known by the callback alone: nobody else's request id is theirs.
        let holder = Caller::holding(format!("callback:{id}"));
        let meta = Meta::asked(&holder, &request, request_id, None);
        let given = self.app.give(id, &meta, &request.token, &said).await.map_err(Problem::from)?;
        Ok(Response::new(pb::GiveVerdictResponse { state: convert::state(given.it.state).into() }))
    }
}
