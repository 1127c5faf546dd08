//! `TwinService`: requests that may be about the same matter.

use huying_chassis::{
    auth::{Caller, Role},
    log::{Aggregate as _, not_found},
    status::Problem,
    validate::Violations,
};
use huying_proto::routing::v1::{self as pb, twin_service_server::TwinService};
use huying_wire::instant;
use tonic::{Request, Response, Status};

use super::{Rpc, access, validate};
use crate::{
    app::twins::Twin,
    convert,
    domain::{
        decision::{Demand, Submission},
        route::Route,
    },
};

/// Days looked back, and twins given, where it is not said.
const DAYS: i32 = 30;
const SIZE: i32 = 5;

#[tonic::async_trait]
impl TwinService for Rpc {
    async fn find_twins(
        &self,
        request: Request<pb::FindTwinsRequest>,
    ) -> Result<Response<pb::FindTwinsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (days, size) = bounds(request.days, request.size)?;
        caller.reach.within(&request.district)?;
        let submission = self.read(request)?;
        let whole = |it: &Route| is_whole(&caller, it);
        let twins = self.app.find_twins(&submission, (days, size), whole).await?;
        Ok(Response::new(pb::FindTwinsResponse { twins: shown(&caller, &twins) }))
    }

    async fn list_twins(
        &self,
        request: Request<pb::ListTwinsRequest>,
    ) -> Result<Response<pb::ListTwinsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (days, size) = bounds(request.days, request.size)?;
        let name = validate::route(&request.request)?;
        let route = self.app.route(&name).await?.filter(|route| access::sees(&caller, &route.it));
        let route = route.ok_or_else(|| not_found(Route::KIND, &name))?;
        let whole = |it: &Route| is_whole(&caller, it);
        let twins = self.app.twins_of(&route, (days, size), whole).await?;
        Ok(Response::new(pb::ListTwinsResponse { twins: shown(&caller, &twins) }))
    }
}

impl Rpc {
    /// What would be submitted now.
    fn read(&self, request: pb::FindTwinsRequest) -> Result<Submission, Problem> {
        let mut v = Violations::heard();
        v.digits("district", &request.district, &validate::DISTRICT);
        let content = v.text("content", &request.content, 1..=8000);
        let title = v.line("title", &request.title, 0..=200);
        let given_category = v.line("category", &request.category, 0..=100);
        let location = validate::location(&mut v, request.location.unwrap_or_default());
        v.finish()?;
        Ok(Submission {
            number: String::new(),
            district: request.district,
            submitted_at: self.app.now(),
            content,
            title,
            location,
            given_category,
            demand: Demand::default(),
        })
    }
}

fn bounds(days: i32, size: i32) -> Result<(i64, usize), Problem> {
    let mut v = Violations::new();
    v.require("days", (0..=90).contains(&days), "must be from 1 to 90, or 0 for 30");
    v.require("size", (0..=20).contains(&size), "must be from 1 to 20, or 0 for 5");
    v.finish()?;
    let given = |given: i32, usual| if given == 0 { usual } else { given };
    Ok((given(days, DAYS).into(), usize::try_from(given(size, SIZE)).unwrap_or_default()))
}

/// Whether the caller is shown what people asked, where, and what became of it: those whose area it lies in. The others are told as much as lets
/// somebody join it.
fn is_whole(caller: &Caller, it: &Route) -> bool {
    !caller.has(Role::Platform) && access::sees(caller, it)
}

/// Each twin, as far as the caller is told of it.
fn shown(caller: &Caller, twins: &[Twin]) -> Vec<pb::Twin> {
    let one = |(likeness, route): &Twin| {
        let it = &route.it;
        let whole = is_whole(caller, it);
        let told = |words: &str| if whole { words.to_owned() } else { String::new() };
        let state = if whole { convert::state(it.state) } else { pb::RouteState::Unspecified };
        pb::Twin {
            request: route.id.to_string(),
            number: told(&it.submission.number),
            submit_time: Some(instant::write(it.submission.submitted_at)),
            likeness: *likeness,
            category: it.category().unwrap_or_default().to_owned(),
            area: told(it.place()),
            content: told(&it.submission.content),
            state: state.into(),
        }
    };
    twins.iter().map(one).collect()
}
