//! 申诉: the judged unit appeals against a verdict, once, and somebody else decides. Neither moves the case.

use chrono::{
    DateTime, TimeDelta, Utc,
    serde::{ts_microseconds, ts_microseconds_option},
};
use huying_chassis::log::{Actor, Decided};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    callback::Callback,
    change::Change,
    error::Error,
    state::{Step, next},
};

/// How long after a callback failed its unit may appeal.
const WINDOW: TimeDelta = TimeDelta::days(7);

/// On what ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 事实不符.
    Facts,
    /// 非本单位职责.
    NotResponsible,
    /// 诉求不合理.
    Unreasonable,
    /// 评价对象有误.
    Mistaken,
}

/// Where an appeal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AppealState {
    /// 待裁决.
    Open,
    /// 申诉成立: the verdict counts no more.
    Upheld,
    /// 申诉不成立.
    Dismissed,
}

/// What the unit says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lodged {
    pub ground: Ground,
    /// In its words. Never in an event.
    pub text: String,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    pub upheld: bool,
    /// Why. Never in an event.
    pub text: String,
}

/// An appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    #[serde(flatten)]
    pub lodged: Lodged,
    pub by: Actor,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    pub state: AppealState,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision: String,
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<DateTime<Utc>>,
}

impl AppealState {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// As stored; the same as serde's.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl Appeal {
    pub(super) fn begin(lodged: Lodged, by: Actor, at: DateTime<Utc>) -> Self {
        Self { lodged, by, at, state: AppealState::Open, decision: String::new(), decided_at: None }
    }

    pub(super) fn decide(&mut self, ruling: &Ruling, at: DateTime<Utc>) {
        self.state = if ruling.upheld { AppealState::Upheld } else { AppealState::Dismissed };
        self.decision.clone_from(&ruling.text);
        self.decided_at = Some(at);
    }
}

impl Callback {
    /// Whether an appeal struck its verdict out of the rates.
    pub fn is_excluded(&self) -> bool {
        self.appeal.as_ref().is_some_and(|appeal| appeal.state == AppealState::Upheld)
    }

    /// The judged unit appeals.
    ///
    /// # Errors
    /// `NotYours` for another unit; `NotAllowed` where it has not failed; `Appealed`; `WindowOver`.
    pub fn lodge(&self, lodged: Lodged, by: &Actor, now: DateTime<Utc>) -> Result<Decided<Change>, Error> {
        if by.unit.as_deref() != Some(self.opened.unit.as_str()) {
            return Err(Error::NotYours);
        }
        if next(self.state, Step::Appeal).is_none() {
            return Err(Error::NotAllowed { state: self.state, step: Step::Appeal });
        }
        if self.appeal.is_some() {
            return Err(Error::Appealed);
        }
        if self.end_at.is_none_or(|end| now >= end + WINDOW) {
            return Err(Error::WindowOver);
        }
        Ok(Decided::one(Change::Appealed(lodged)))
    }

    /// Somebody else decides.
    ///
    /// # Errors
    /// `OwnWork` for whoever had part in the case; `NotYours` for whoever took the verdict or lodged the appeal; `NoAppeal`.
    pub fn rule(&self, ruling: Ruling, by: &Actor) -> Result<Decided<Change>, Error> {
        self.not_own_work(by.into())?;
        let open = self.appeal.as_ref().filter(|appeal| appeal.state == AppealState::Open);
        let Some(appeal) = open else { return Err(Error::NoAppeal) };
        let took = self.taker.as_ref().is_some_and(|taker| taker.subject == by.subject);
        if took || appeal.by.subject == by.subject {
            return Err(Error::NotYours);
        }
        Ok(Decided::one(Change::AppealDecided(ruling)))
    }
}
