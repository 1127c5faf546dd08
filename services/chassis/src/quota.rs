//! How often a caller may do one thing in a day of its district.
//!
//! Counted are the commands that were carried out, which the log keeps anyway: so all replicas count together, what was refused counts nothing,
//! and a repeated command is answered and not counted again. Asked like any other question of a command, after reach and repetition. What is
//! in flight at the same moment is not seen, so a caller may come to a little more. A service has an index on `command` for each method that
//! it counts.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use tonic::Code;

use crate::{
    db::asked,
    log::{Log, Meta},
    run::{Answering, Question},
    status::Problem,
};

/// Whether a caller may do it once more. What nobody asks for is not counted.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Issuer and subject.
    caller: Option<(String, String)>,
    /// The full name of the command's message.
    method: &'static str,
    most: u32,
    /// When the day began and when the next one does.
    day: (DateTime<Utc>, DateTime<Utc>),
}

impl Quota {
    /// Of a command with that message, so often in that day.
    pub fn new(meta: &Meta, method: &'static str, most: u32, day: (DateTime<Utc>, DateTime<Utc>)) -> Self {
        let caller = meta.command.as_ref().map(|it| (it.issuer.clone(), it.subject.clone()));
        Self { caller, method, most, day }
    }
}

/// How many commands of a method a caller had carried out since an instant, up to a bound. The method stands in it, so that its index is found.
pub fn statement(method: &'static str) -> String {
    format!(
        "select count(*) from (select from command where issuer = $1 and subject = $2 and method = '{method}' and at >= $3 limit $4) as done"
    )
}

impl<W: Send + Sync + 'static> Question<W> for Quota {
    type Answer = ();

    fn answer<'a>(&'a self, log: &'a Log, _: &'a W) -> Answering<'a, ()> {
        Box::pin(async {
            let Some((issuer, subject)) = &self.caller else { return Ok(()) };
            let (since, until) = self.day;
            let query = sqlx::query_scalar(AssertSqlSafe(statement(self.method)));
            let query = query.bind(issuer).bind(subject).bind(since).bind(i64::from(self.most));
            let done: i64 = query.fetch_one(asked(log.pool())).await?;
            if done < self.most.into() { Ok(()) } else { Err(spent(self.most, log.now(), until)) }
        })
    }
}

fn spent(most: u32, now: DateTime<Utc>, until: DateTime<Utc>) -> Problem {
    let words =
        format!("at most {most} of these a day, and they are spent: come again when the next day begins");
    Problem::new(Code::ResourceExhausted, "QUOTA_SPENT", words)
        .meta("most", most.to_string())
        .retry_after((until - now).to_std().unwrap_or_default())
}
