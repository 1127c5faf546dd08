//! What can happen to a request, and how it changes it. The serde form is kept in the log for ever: only add.

use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    profile::Channel,
    request::{FirstContact, Line, PROGRESS, Request, Submission},
    state::State,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Submitted {
        number: String,
        tracking_token: String,
        first_contact: FirstContact,
        submission: Box<Submission>,
    },
    Supplemented {
        content: String,
    },
    Withdrawn {
        reason: String,
    },
    Progressed {
        case: Uuid,
        text: String,
        state: State,
    },
    /// The case is resolved: the reporter is owed this answer.
    Owed {
        case: Uuid,
        answer: String,
    },
    Answered {
        answer: String,
    },
}

/// What every event says of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    pub number: String,
    pub channel: Channel,
    pub state: State,
    pub case: Option<Uuid>,
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub submitted_at: chrono::DateTime<chrono::Utc>,
}

impl Aggregate for Request {
    const KIND: &'static str = "request";
    type Change = Change;
    type About = About;

    fn first(change: &Change, stamp: &Stamp) -> Option<Self> {
        let Change::Submitted { number, tracking_token, first_contact, submission } = change else {
            return None;
        };
        Some(Self {
            id: stamp.id,
            number: number.clone(),
            submission: (**submission).clone(),
            tracking_token: tracking_token.clone(),
            state: State::Submitted,
            first_contact: first_contact.clone(),
            submitted_at: stamp.at,
            additions: Vec::new(),
            progress: Vec::new(),
            answer: String::new(),
            case: None,
        })
    }

    fn apply(&mut self, change: &Change, stamp: &Stamp) {
        match change {
            // A second submission of the same request cannot be drafted.
            Change::Submitted { .. } => {}
            Change::Supplemented { content } => {
                self.additions.push(Line { text: content.clone(), at: stamp.at })
            }
            Change::Withdrawn { .. } => self.state = State::Withdrawn,
            Change::Progressed { case, text, state } => {
                self.state = *state;
                self.case = Some(*case);
                if *state == State::Handling && self.first_contact.discharged_at.take().is_some() {
                    // Reopened after an answer: a new answer is owed.
                    self.answer.clear();
                }
                self.tell(text, stamp);
            }
            Change::Owed { case, answer } => {
                self.state = State::Answering;
                self.case = Some(*case);
                self.answer.clone_from(answer);
            }
            Change::Answered { answer } => {
                self.state = State::Answered;
                self.answer.clone_from(answer);
                self.first_contact.discharged_at = Some(stamp.at);
            }
        }
    }

    fn district(&self) -> &str {
        &self.submission.district
    }

    fn about(&self) -> About {
        About {
            number: self.number.clone(),
            channel: self.submission.channel,
            state: self.state,
            case: self.case,
            submitted_at: self.submitted_at,
        }
    }
}

impl Request {
    fn tell(&mut self, text: &str, stamp: &Stamp) {
        if self.progress.len() >= PROGRESS {
            self.progress.remove(0);
        }
        self.progress.push(Line { text: text.to_owned(), at: stamp.at });
    }
}
