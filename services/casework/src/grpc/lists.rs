//! How lists go, and where their pages go on.

use chrono::{DateTime, Utc};
use huying_chassis::{page, status::Problem, validate::Violations};
use huying_proto::casework::v1 as pb;
use pbjson_types::Timestamp;
use prost::Message;

use crate::{
    convert::list,
    domain::{Dispatches, Order, Page, Place, Span},
};

/// How a list of cases goes, and the part of it that is wanted.
pub fn order(v: &mut Violations, request: &pb::ListCasesRequest) -> (Order, Span) {
    let order = pb::CaseOrder::try_from(request.order);
    v.require("order", order.is_ok(), "must be one of the named values");
    let order = order.map_or(Order::Newest, list::case_order);
    let span = Span {
        from: instant(v, "from_time", request.from_time),
        before: instant(v, "before_time", request.before_time),
    };
    let by_instants = matches!(order, Order::Updated | Order::Opened | Order::Resolved);
    let fits = by_instants || span == Span::default();
    v.require("order", fits, "must be updated, opened or resolved with from_time or before_time");
    (order, span)
}

fn instant(v: &mut Violations, field: &str, time: Option<Timestamp>) -> Option<DateTime<Utc>> {
    let time = time?;
    let read = huying_wire::instant::read(&time);
    v.require(field, read.is_some(), "must be an instant");
    read
}

/// Where a page goes on, of a list in this order.
///
/// # Errors
/// `BAD_FIELD`: the token is not one of ours, or of a list in another order.
pub fn place(token: &str, order: Order) -> Result<Option<Place>, Problem> {
    match page::cursor::<Place>(token)? {
        Some(place) if place.order != order => Err(page::not_ours()),
        place => Ok(place),
    }
}

/// What is shown of a page, in so many bytes as one has at most; and the token for the next one.
///
/// # Errors
/// Those of the reader.
pub async fn told<T, M: Message, R>(
    size: i64,
    read: impl Fn(i64) -> R,
    show: impl Fn(&T) -> M,
) -> Result<(Vec<M>, String), Problem>
where
    R: Future<Output = Result<Page<T>, Problem>>,
{
    let (read, show) = (&read, &show);
    let shown = |size| async move {
        let Page { items, next } = read(size).await?;
        Ok::<(Vec<M>, _), Problem>((items.iter().map(show).collect(), next))
    };
    let (messages, next) = page::fitted(size, shown).await?;
    Ok((messages, page::token(next)))
}

/// What is due first is asked of one unit.
///
/// # Errors
/// `BAD_FIELD`.
pub fn inbox(dispatches: &Dispatches) -> Result<(), Problem> {
    let mut v = Violations::new();
    let fits = dispatches.order != Order::Due || dispatches.unit.is_some();
    v.require("unit", fits, "must be given where what is due first is asked for");
    v.finish()
}
