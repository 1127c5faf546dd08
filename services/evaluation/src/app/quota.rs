//! How often a caller may do in a day of the district what could be done again and again.
//!
//! Counted are the commands that leave what they are about in its state and only add to its history, and those that begin something of which there
//! may be any number: each for itself, as it was carried out. It is asked last, of what is to be written: what is refused for something else, or
//! changes nothing, is told so also where the day's are spent. All other commands come to an end of their own; a test holds each to one of both.

use huying_chassis::{
    log::Meta,
    quota::Quota,
    run::{Halt, Question as _, Seen},
    status::Problem,
};
use huying_terms::worktime;

use super::{App, World, ask::ProfileOf};

/// A try within the hour of one that counted adds its note and nothing else, so tries have no end of their own.
pub const TRY: &str = "huying.evaluation.v1.RecordAttemptRequest";
pub const LINK: &str = "huying.evaluation.v1.IssueVerdictLinkRequest";
pub const CHANGE_TOPIC: &str = "huying.evaluation.v1.ChangeTopicRequest";
/// From one to another and back.
pub const HAND_OUT: &str = "huying.evaluation.v1.HandOutRequest";
pub const OPEN_TOPIC: &str = "huying.evaluation.v1.OpenTopicRequest";
pub const OPEN_INQUIRY: &str = "huying.evaluation.v1.OpenInquiryRequest";
pub const BEGIN_ROUND: &str = "huying.evaluation.v1.BeginRoundRequest";
/// The index `command_counted` has each.
pub const COUNTED: [&str; 7] = [TRY, LINK, CHANGE_TOPIC, HAND_OUT, OPEN_TOPIC, OPEN_INQUIRY, BEGIN_ROUND];

impl App {
    /// Whether the caller may do it once more today, in a district.
    ///
    /// # Errors
    /// `QUOTA_SPENT`.
    pub(super) fn quota<E>(
        &self,
        method: &'static str,
        district: &str,
        seen: &Seen<World, E>,
    ) -> Result<(), Halt<E>> {
        let zone = seen.ask(ProfileOf(district.to_owned()))?.calendar.zone;
        let day = worktime::day(zone, seen.now());
        seen.ask(Quota::new(seen.meta(), method, self.additions_a_day, day)).copied()
    }

    /// The same for what is drafted by hand.
    ///
    /// # Errors
    /// `QUOTA_SPENT`; the store is away.
    pub(super) async fn quota_by_hand(
        &self,
        method: &'static str,
        district: &str,
        meta: &Meta,
    ) -> Result<(), Problem> {
        let day = worktime::day(self.zone(district).await, self.log.now());
        let quota = Quota::new(meta, method, self.additions_a_day, day);
        quota.answer(&self.log, self.world.as_ref()).await
    }
}
