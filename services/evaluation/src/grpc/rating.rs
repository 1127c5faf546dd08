//! `RatingService`: units that worked on a case together rate each other.

mod validate;

use huying_chassis::{
    auth::{Caller, Role},
    log::{Meta, Versioned, not_found},
    page,
    status::Problem,
};
use huying_proto::evaluation::v1::{self as pb, rating_service_server::RatingService};
use prost::{Message, Name};
use tonic::{Code, Request, Response, Status};
use uuid::Uuid;

use super::{
    Rpc,
    reach::{self, Bounds},
};
use crate::{
    convert::rating as convert,
    domain::{
        figure::course::Course,
        rating::{Judged, Rating, RatingError},
        wanted::{RatingScope, Ratings, Scope},
    },
};

impl From<RatingError> for Problem {
    fn from(error: RatingError) -> Self {
        let message = error.to_string();
        let theirs = |reason, unit| Self::new(Code::PermissionDenied, reason, &message).meta("unit", unit);
        let unfit = |reason| Self::new(Code::FailedPrecondition, reason, &message);
        match error {
            RatingError::NoPart { unit } => theirs("NO_PART", unit),
            RatingError::OwnWork { unit } => theirs("OWN_WORK", unit),
            RatingError::NotAbove { unit } => theirs("NOT_ABOVE", unit),
            RatingError::NotCalled { unit } => theirs("NOT_CALLED", unit),
            RatingError::NotResolved => unfit("CASE_NOT_RESOLVED"),
            RatingError::WindowOver => unfit("WINDOW_OVER"),
            RatingError::Already => Self::new(Code::AlreadyExists, "RATED_ALREADY", &message),
        }
    }
}

/// Officers and desks see what lies in their area, and everybody what their unit had part in.
fn sees(caller: &Caller, case: &Course) -> bool {
    let by_area = caller.has_any(&[Role::Officer, Role::Desk]);
    let own = caller.reach.unit_in(&case.district);
    (by_area && caller.reach.sees(&case.district, &case.area)) || own.is_some_and(|unit| case.had_part(unit))
}

impl Rpc {
    /// The caller's unit rates another. A case out of reach is answered as one that is not there.
    async fn rate<M: Message + Name>(
        &self,
        caller: &Caller,
        (request, request_id): (&M, Uuid),
        (case, judged): (Uuid, Judged),
    ) -> Result<pb::Rating, Problem> {
        let course = self.app.case(case).await?.filter(|course| sees(caller, course));
        let course = course.ok_or_else(|| not_found("case", case))?;
        let meta = Meta::asked(caller, request, request_id, None);
        let Versioned { id, it, .. } = self.app.rate((case, &course), &judged, &meta).await?;
        Ok(convert::rating(id, it.rated, it.rated_at))
    }
}

/// What is wanted is read from one index: of one's own unit, of any where all of the district is within, or of an area.
fn wanted(caller: &Caller, list: validate::List) -> Result<Ratings, Problem> {
    let validate::List { district, unit, rater, .. } = list;
    let own = |unit: &str| caller.reach.is_unit(&district, unit);
    if !rater.is_empty() && own(&rater) {
        return Ok(Ratings { scope: RatingScope::Rater(rater), district, area: String::new() });
    }
    if !unit.is_empty() && own(&unit) {
        return Ok(Ratings { scope: RatingScope::Unit(unit), district, area: String::new() });
    }
    let asked = if rater.is_empty() { &unit } else { &rater };
    let Bounds { area, unit: narrowed } = Bounds::of(caller, &district, asked, None)?;
    let scope = match (reach::scope(&area, ""), narrowed.is_empty()) {
        // Of another than its own only who reaches all of it.
        (Scope::District, false) if rater.is_empty() => RatingScope::Unit(narrowed),
        (Scope::District, false) => RatingScope::Rater(narrowed),
        (_, false) => return Err(reach::outside_unit()),
        (Scope::Street(street), true) => RatingScope::Street(street),
        (Scope::Community(community), true) => RatingScope::Community(community),
        (Scope::District | Scope::Unit(_) | Scope::Case(_) | Scope::Request(_), true) => {
            RatingScope::District
        }
    };
    Ok(Ratings { scope, district, area })
}

/// As far as the caller may read it.
fn told(
    caller: &Caller,
    Versioned { id, it: Rating { rated, rated_at, .. }, .. }: Versioned<Rating>,
) -> pb::Rating {
    let theirs = caller.reach.is_unit(&rated.district, &rated.unit);
    if theirs { convert::without_words(id, rated, rated_at) } else { convert::rating(id, rated, rated_at) }
}

#[tonic::async_trait]
impl RatingService for Rpc {
    async fn rate_unit(&self, request: Request<pb::RateUnitRequest>) -> Result<Response<pb::Rating>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, rating) = validate::rate_unit(&request)?;
        Ok(Response::new(self.rate(&caller, (&request, request_id), rating).await?))
    }

    async fn judge_call(
        &self,
        request: Request<pb::JudgeCallRequest>,
    ) -> Result<Response<pb::Rating>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (request_id, rating) = validate::judge_call(&request)?;
        Ok(Response::new(self.rate(&caller, (&request, request_id), rating).await?))
    }

    async fn list_ratings(
        &self,
        request: Request<pb::ListRatingsRequest>,
    ) -> Result<Response<pb::ListRatingsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let list = validate::list(request.into_inner())?;
        let (size, after) = (list.size, list.after);
        let page = self.app.ratings(&wanted(&caller, list)?, after, size).await?;
        let told = |it| Some(told(&caller, it));
        let (ratings, next_page_token) = page::shown(page.into_iter(), size, |last| last.id, told);
        Ok(Response::new(pb::ListRatingsResponse { ratings, next_page_token }))
    }
}
