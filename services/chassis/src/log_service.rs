//! `huying.log.v1` over one service's log and its own dead letters: what followers heal from and operators look after. A log holds all
//! districts, so each of its calls needs a token that reaches everything.

mod anchors;

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use huying_proto::log::v1::{
    self as pb,
    log_service_server::{LogService, LogServiceServer},
};
use sqlx::PgPool;
use tonic::{Code, Request, Response, Status};
use uuid::Uuid;

use crate::{
    anchor::Anchors,
    auth::Caller,
    bus::{CloudEvent, PublishError, Publisher},
    follow::{Failure, Follower, Settled, Verdict, dead},
    log::{
        Entry, Position, not_found, read,
        verify::{Account, Findings, Kind},
    },
    page,
    status::Problem,
    validate::Violations,
};

/// The service as it is called in descriptors.
pub const NAME: &str = huying_proto::log::v1::log_service_server::SERVICE_NAME;

/// When to ask for an entry again that only a newer build can tell.
const NEWER: Duration = Duration::from_secs(1);
/// Marks checked at a time.
const MOST_MARKS: usize = 1000;

/// One service's log, to be read.
pub struct LogRpc {
    pub service: &'static str,
    pub pool: PgPool,
    pub publish: Publisher,
    pub kinds: &'static [Kind],
    /// The services that follow this one.
    pub followed_by: &'static [&'static str],
    pub follower: Option<Follower>,
    pub anchors: Anchors,
}

impl LogRpc {
    pub fn server(self) -> LogServiceServer<Self> {
        LogServiceServer::new(self)
    }

    /// The log is read by those who follow it, by name.
    fn read_by<T>(&self, request: &Request<T>) -> Result<(), Problem> {
        let caller = Caller::of(request)?;
        caller.reach.everything()?;
        if caller.service().is_some_and(|name| self.followed_by.contains(&name)) {
            return Ok(());
        }
        let words = format!("only services that follow {} read its log", self.service);
        Err(Problem::new(Code::PermissionDenied, "NOT_A_FOLLOWER", words)
            .meta("followers", self.followed_by.join(",")))
    }

    fn event(&self, entry: &Entry) -> Result<pb::LogEntry, PublishError> {
        let event = (self.publish)(entry)?;
        let event = CloudEvent::of(self.service, entry, event).to_json()?;
        Ok(pb::LogEntry { id: entry.head.id.to_string(), version: entry.head.version, event })
    }

    /// As many as fit in an answer, and none from the first on that cannot become an event. That is a mistake of ours, which only whoever
    /// asks for that very entry next is told.
    fn run(&self, entries: &[Entry]) -> Result<Vec<pb::LogEntry>, Problem> {
        let (mut said, mut bytes) = (Vec::with_capacity(entries.len()), 0);
        for entry in entries {
            match self.event(entry) {
                Ok(event) => {
                    bytes += event.event.len();
                    said.push(event);
                }
                Err(error) if said.is_empty() => return Err(unsayable(entry, &error)),
                Err(_) => break,
            }
            if bytes > page::BYTES {
                break;
            }
        }
        Ok(said)
    }
}

fn unsayable(Entry { head, .. }: &Entry, error: &PublishError) -> Problem {
    let what = format!("version {} of {} cannot be told: {error}", head.version, head.aggregate);
    if let PublishError::Newer(_) = error {
        return Problem::new(Code::Unavailable, "NEWER_SHAPE", what).retry_after(NEWER);
    }
    tracing::error!(entry = %head.id, kind = head.kind, %error, "an entry cannot be told");
    Problem::new(Code::DataLoss, "UNTELLABLE_ENTRY", what)
}

#[tonic::async_trait]
impl LogService for LogRpc {
    async fn read_aggregate(
        &self,
        request: Request<pb::ReadAggregateRequest>,
    ) -> Result<Response<pb::ReadAggregateResponse>, Status> {
        self.read_by(&request)?;
        let request = request.into_inner();
        let mut v = Violations::new();
        let aggregate = v.uuid("aggregate", &request.aggregate);
        v.range("from_version", request.from_version, 1..=i64::MAX);
        v.finish()?;
        let size = page::size_within(request.page_size, 200, 1000)?;
        let entries = read::entries_of(&self.pool, aggregate, request.from_version, size)
            .await
            .map_err(Problem::from)?;
        Ok(Response::new(pb::ReadAggregateResponse { entries: self.run(&entries)? }))
    }

    async fn list_watermarks(
        &self,
        request: Request<pb::ListWatermarksRequest>,
    ) -> Result<Response<pb::ListWatermarksResponse>, Status> {
        self.read_by(&request)?;
        let request = request.into_inner();
        let size = page::size_within(request.page_size, 1000, 10_000)?;
        let after = request.after.map_or_else(Position::default, |p| Position {
            epoch: p.epoch,
            xid: read::Transaction(p.transaction.cast_signed()),
            seq: p.sequence,
        });
        // Asked first: a follower that learns of a new epoch late only checks its marks later.
        let epoch = read::epoch(&self.pool).await.map_err(Problem::from)?;
        let headers = read::headers_after(&self.pool, after, size).await.map_err(Problem::from)?;
        let next = headers.last().map(|header| header.position.into());
        let more = headers.len() as i64 == size;
        let mut newest = BTreeMap::new();
        for header in headers {
            if request.kinds.is_empty() || request.kinds.contains(&header.kind) {
                // The log is read in commit order, and an aggregate's versions commit in their order.
                newest.insert(header.aggregate, header);
            }
        }
        let watermarks = newest.into_values().map(|header| pb::Watermark {
            kind: header.kind,
            aggregate: header.aggregate.to_string(),
            version: header.version,
            entry: header.id.to_string(),
        });
        Ok(Response::new(pb::ListWatermarksResponse { watermarks: watermarks.collect(), next, more, epoch }))
    }

    async fn check_marks(
        &self,
        request: Request<pb::CheckMarksRequest>,
    ) -> Result<Response<pb::CheckMarksResponse>, Status> {
        self.read_by(&request)?;
        let marks = marks(&request.into_inner())?;
        let missing = read::missing(&self.pool, &marks).await.map_err(Problem::from)?;
        let divergence = |(aggregate, newest): (Uuid, Option<(i64, Uuid)>)| pb::Divergence {
            aggregate: aggregate.to_string(),
            newest: newest.map(|(version, entry)| pb::Mark {
                aggregate: aggregate.to_string(),
                version,
                entry: entry.to_string(),
            }),
        };
        Ok(Response::new(pb::CheckMarksResponse {
            divergences: missing.into_iter().map(divergence).collect(),
        }))
    }

    async fn verify_log(
        &self,
        request: Request<pb::VerifyLogRequest>,
    ) -> Result<Response<pb::VerifyLogResponse>, Status> {
        Caller::of(&request)?.reach.everything()?;
        let request = request.into_inner();
        let size = page::size_within(request.page_size, 200, 1000)?;
        let after = page::cursor::<Uuid>(&request.page_token)?.unwrap_or_default();
        let kinds: Vec<String> = self.kinds.iter().map(|kind| kind.name.to_owned()).collect();
        let findings = if request.kind.is_empty() {
            Findings::default()
        } else {
            let unknown = || {
                Problem::new(
                    Code::InvalidArgument,
                    "UNKNOWN_KIND",
                    format!("there is no kind {}: there are {}", request.kind, kinds.join(", ")),
                )
            };
            let kind = self.kinds.iter().find(|kind| kind.name == request.kind).ok_or_else(unknown)?;
            kind.verify(&self.pool, after, size).await.map_err(Problem::from)?
        };
        Ok(Response::new(pb::VerifyLogResponse {
            kinds,
            checked: i32::try_from(findings.checked).unwrap_or(i32::MAX),
            replayed: i64::try_from(findings.replayed).unwrap_or(i64::MAX),
            next_page_token: page::token(findings.next),
            faults: findings
                .faults
                .into_iter()
                .map(|(id, problem)| pb::LogFault { aggregate: id.to_string(), problem })
                .collect(),
            accounts: findings.accounts.into_iter().map(account).collect(),
        }))
    }

    async fn list_anchors(
        &self,
        request: Request<pb::ListAnchorsRequest>,
    ) -> Result<Response<pb::ListAnchorsResponse>, Status> {
        Caller::of(&request)?.reach.everything()?;
        Ok(Response::new(anchors::list(&self.anchors, &request.into_inner()).await?))
    }

    async fn verify_anchors(
        &self,
        request: Request<pb::VerifyAnchorsRequest>,
    ) -> Result<Response<pb::VerifyAnchorsResponse>, Status> {
        Caller::of(&request)?.reach.everything()?;
        Ok(Response::new(anchors::verify(&self.anchors, &request.into_inner()).await?))
    }

    async fn list_dead_letters(
        &self,
        request: Request<pb::ListDeadLettersRequest>,
    ) -> Result<Response<pb::ListDeadLettersResponse>, Status> {
        Caller::of(&request)?.reach.everything()?;
        let request = request.into_inner();
        let size = page::size_within(request.page_size, 50, 1000)?;
        let before = page::cursor::<dead::Cursor>(&request.page_token)?;
        let letters = dead::DeadLetters::new(&self.pool).list(before, size).await.map_err(Problem::from)?;
        let place = |letter: &dead::DeadLetter| (letter.last_at, letter.source.clone(), letter.aggregate);
        let told = |letter| Some(pb::DeadLetter { event: String::new(), ..wire(letter) });
        let (dead_letters, next_page_token) = page::shown(letters.into_iter(), size, place, told);
        Ok(Response::new(pb::ListDeadLettersResponse { dead_letters, next_page_token }))
    }

    async fn get_dead_letter(
        &self,
        request: Request<pb::GetDeadLetterRequest>,
    ) -> Result<Response<pb::DeadLetter>, Status> {
        Caller::of(&request)?.reach.everything()?;
        let request = request.into_inner();
        let aggregate = named(&request.source, &request.aggregate)?;
        let letter = dead::DeadLetters::new(&self.pool)
            .get(&request.source, aggregate)
            .await
            .map_err(Problem::from)?;
        Ok(Response::new(letter.map(wire).ok_or_else(|| not_found("dead letter", aggregate))?))
    }

    async fn retry_dead_letter(
        &self,
        request: Request<pb::RetryDeadLetterRequest>,
    ) -> Result<Response<pb::RetryDeadLetterResponse>, Status> {
        Caller::of(&request)?.reach.everything()?;
        let request = request.into_inner();
        let aggregate = named(&request.source, &request.aggregate)?;
        let missing = || not_found("dead letter", aggregate);
        let follower = self.follower.as_ref().ok_or_else(missing)?;
        let (applied, stuck) =
            follower.retry(&request.source, aggregate).await.map_err(later)?.ok_or_else(missing)?;
        Ok(Response::new(pb::RetryDeadLetterResponse {
            applied: applied.cast_signed(),
            dead_letter: stuck.map(wire),
        }))
    }

    async fn settle_dead_letter(
        &self,
        request: Request<pb::SettleDeadLetterRequest>,
    ) -> Result<Response<pb::SettleDeadLetterResponse>, Status> {
        let caller = Caller::of(&request)?;
        caller.reach.everything()?;
        let request = request.into_inner();
        let mut v = Violations::new();
        v.token("source", &request.source, 1..=64);
        let aggregate = v.uuid("aggregate", &request.aggregate);
        let note = v.text("note", &request.note, 1..=500);
        let verdict = verdict(&mut v, request.verdict);
        v.finish()?;
        let missing = || not_found("dead letter", aggregate);
        let (Some(follower), Some(verdict)) = (self.follower.as_ref(), verdict) else {
            return Err(missing().into());
        };
        let settled = follower
            .settle(&request.source, aggregate, verdict, (&note, &caller.subject))
            .await
            .map_err(later)?;
        match settled {
            Settled::GoesOn(applied, stuck) => Ok(Response::new(pb::SettleDeadLetterResponse {
                applied: applied.cast_signed(),
                dead_letter: stuck.map(|letter| wire(*letter)),
            })),
            Settled::NotThere => Err(missing().into()),
            Settled::Unfit(why) => Err(Problem::new(Code::FailedPrecondition, "VERDICT_UNFIT", why).into()),
        }
    }
}

fn account((district, account): (String, Account)) -> pb::LogAccount {
    let number = |number: u64| number.cast_signed();
    pb::LogAccount {
        district,
        entered: number(account.entered),
        working: number(account.working),
        settled: number(account.settled),
    }
}

/// Aggregate, version, entry.
fn marks(request: &pb::CheckMarksRequest) -> Result<Vec<(Uuid, i64, Uuid)>, Problem> {
    let mut v = Violations::new();
    v.list_len("marks", request.marks.len(), 1..=MOST_MARKS);
    let read = |(n, mark): (usize, &pb::Mark)| {
        (
            v.uuid(&format!("marks[{n}].aggregate"), &mark.aggregate),
            mark.version,
            v.uuid(&format!("marks[{n}].entry"), &mark.entry),
        )
    };
    let marks = request.marks.iter().take(MOST_MARKS).enumerate().map(read).collect();
    v.finish()?;
    Ok(marks)
}

fn named(source: &str, aggregate: &str) -> Result<Uuid, Problem> {
    let mut v = Violations::new();
    v.token("source", source, 1..=64);
    let aggregate = v.uuid("aggregate", aggregate);
    v.finish()?;
    Ok(aggregate)
}

fn verdict(v: &mut Violations, verdict: i32) -> Option<Verdict> {
    let read = match pb::DeadLetterVerdict::try_from(verdict) {
        Ok(pb::DeadLetterVerdict::Dismissed) => Some(Verdict::Dismissed),
        Ok(pb::DeadLetterVerdict::Adopted) => Some(Verdict::Adopted),
        Ok(pb::DeadLetterVerdict::Disowned) => Some(Verdict::Disowned),
        Ok(pb::DeadLetterVerdict::Unspecified) | Err(_) => None,
    };
    v.require("verdict", read.is_some(), "must be dismissed, adopted or disowned");
    read
}

fn later(failure: Failure) -> Problem {
    Problem::new(Code::Unavailable, "SOURCE_UNAVAILABLE", format!("cannot retry now: {failure}"))
}

fn wire(letter: dead::DeadLetter) -> pb::DeadLetter {
    pb::DeadLetter {
        source: letter.source,
        aggregate: letter.aggregate.to_string(),
        version: letter.version,
        error: letter.error,
        attempts: letter.attempts,
        first_fail_time: Some(timestamp(letter.first_at)),
        last_fail_time: Some(timestamp(letter.last_at)),
        event: letter.event,
        reason: match letter.reason {
            dead::Reason::Poison => pb::DeadLetterReason::Poison,
            dead::Reason::Stuck => pb::DeadLetterReason::Stuck,
            dead::Reason::Diverged => pb::DeadLetterReason::Diverged,
        }
        .into(),
    }
}

impl From<Position> for pb::Position {
    fn from(at: Position) -> Self {
        Self { epoch: at.epoch, transaction: at.xid.0.cast_unsigned(), sequence: at.seq }
    }
}

/// An instant on the wire.
pub fn timestamp(at: DateTime<Utc>) -> pbjson_types::Timestamp {
    pbjson_types::Timestamp { seconds: at.timestamp(), nanos: at.timestamp_subsec_nanos().cast_signed() }
}
