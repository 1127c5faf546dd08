//! 记录: it was held. Each of its cases has its outcome, which its own history tells from the same commit on.

use std::collections::BTreeSet;

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    beside::Beside,
    case::step::Deliberated,
    error::Error,
    known::{Answer, Known},
    meeting::{Meeting, MeetingChange, MeetingState, Outcome, Party, office},
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Record {
    /// Who came.
    pub parties: Vec<Party>,
    pub minutes: String,
    /// Of each of its cases, once.
    pub outcomes: Vec<(Uuid, Outcome)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub parties: Vec<Party>,
    pub minutes: String,
    pub outcomes: Vec<(Uuid, Outcome)>,
}

impl Step<Meeting> for Record {
    const RULE: Rule<Meeting> =
        Rule::new("record", &[MeetingState::Convened], To::At(MeetingState::Held)).by(office).fits(began);

    fn decide(&self, meeting: &Meeting, _: &dyn Known) -> Result<Decided<MeetingChange>, Halt<Error>> {
        let of = self.outcomes.iter().map(|(case, _)| *case).collect::<BTreeSet<Uuid>>();
        let cases = meeting.items.iter().map(|item| item.case).collect::<BTreeSet<Uuid>>();
        if of != cases || self.outcomes.len() != meeting.items.len() {
            return Err(Error::OutcomesMissing { cases: cases.into_iter().collect() }.into());
        }
        let Self { parties, minutes, outcomes } = self.clone();
        Ok(Decided::one(Recorded { parties, minutes, outcomes }.into()))
    }

    fn beside(&self, meeting: &Meeting, known: &dyn Known) -> Answer<Vec<Beside>> {
        let told = self.outcomes.iter().map(|(case, outcome)| {
            let (title, outcome) = (meeting.title.clone(), outcome.clone());
            Beside::Case(*case, vec![Deliberated { meeting: known.id(), title, outcome }.into()])
        });
        Ok(told.collect())
    }
}

/// Not before it has begun.
fn began(meeting: &Meeting, known: &dyn Known) -> Answer<()> {
    if meeting.starts_at <= known.now() {
        Ok(())
    } else {
        Err(Error::MeetingAhead { starts_at: meeting.starts_at }.into())
    }
}

impl Happened<Meeting> for Recorded {
    fn rule(&self) -> Option<Rule<Meeting>> {
        Some(Record::RULE)
    }

    fn fold(&self, meeting: &mut Meeting, stamp: &Stamp) {
        for item in &mut meeting.items {
            item.outcome = self.outcomes.iter().find(|(case, _)| *case == item.case).map(|it| it.1.clone());
        }
        let settled = self.outcomes.iter().filter(|(_, outcome)| outcome.settled).count();
        (meeting.parties, meeting.minutes) = (self.parties.clone(), self.minutes.clone());
        meeting.settled = u32::try_from(settled).unwrap_or(u32::MAX);
        meeting.recorded_at = Some(stamp.at);
    }

    fn words(&self) -> String {
        self.minutes.clone()
    }
}
