//! 办理情况: how a case was handled, as its holder records it when it is resolved, apart from what the reporter is told. What of it must be
//! said is up to the profile.

use chrono::{DateTime, Utc, serde::ts_microseconds_option};
use huying_terms::Solved;
use huying_words::{masked_name, masked_phone};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::profile::{is_below, is_category_part};

/// As the holder told it; what is absent was not said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Handling {
    /// 诉求属实: what the reporter claims is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim_true: Option<bool>,
    /// 超职责: it is beyond what the holder may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond_duty: Option<bool>,
    /// 是否联系: somebody has spoken with the reporter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacted: Option<bool>,
    /// With whom and how: personal, and kept masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    /// 未解决原因: for the offices.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unsolved_reason: String,
    /// 办理情况: what was done, for the offices.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub work_done: String,
}

/// 联系对象、方式、时间.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    pub phone: String,
    pub method: Option<ContactMethod>,
    #[serde(with = "ts_microseconds_option")]
    pub at: Option<DateTime<Utc>>,
}

/// 联系方式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactMethod {
    Phone,
    Visit,
    Message,
    Other,
}

/// What can be demanded of it, by its name in the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum HandlingField {
    ClaimTrue,
    BeyondDuty,
    Contacted,
    ContactName,
    ContactPhone,
    ContactMethod,
    ContactTime,
    Solved,
    UnsolvedReason,
    WorkDone,
}

impl HandlingField {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What must be said of cases of a category, or of all below a part of its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredHandling {
    pub category: String,
    pub fields: Vec<HandlingField>,
}

impl RequiredHandling {
    /// Whether it says something, once.
    pub fn is_right(&self) -> bool {
        let mut fields = self.fields.clone();
        fields.sort();
        fields.dedup();
        !fields.is_empty() && fields.len() == self.fields.len() && is_category_part(&self.category)
    }
}

/// All that must be said of a case of a category, each once.
pub fn required_of(category: &str, required: &[RequiredHandling]) -> Vec<HandlingField> {
    let wanted = required.iter().filter(|it| is_below(category, &it.category));
    let mut fields: Vec<HandlingField> = wanted.flat_map(|it| it.fields.clone()).collect();
    fields.sort();
    fields.dedup();
    fields
}

impl Contact {
    /// So much of a name and a number as tells them from others. Intake keeps who calls, and forgets them: here nothing stays that would have to
    /// be forgotten too.
    #[must_use]
    pub fn masked(self) -> Self {
        Self { name: masked_name(&self.name), phone: masked_phone(&self.phone), ..self }
    }
}

impl Handling {
    /// Whether somebody spoke with the reporter at home or on site.
    pub fn was_visited(&self) -> bool {
        self.contact.as_ref().and_then(|contact| contact.method) == Some(ContactMethod::Visit)
    }

    /// What of this is not said.
    pub fn missing(&self, required: Vec<HandlingField>) -> Vec<HandlingField> {
        required.into_iter().filter(|field| self.lacks(*field)).collect()
    }

    /// Of nobody contacted nothing more is asked, nor why what is solved is not.
    fn lacks(&self, field: HandlingField) -> bool {
        let says = |said: fn(&Contact) -> bool| self.contact.as_ref().is_some_and(said);
        let contact = |said| self.contacted != Some(false) && !says(said);
        match field {
            HandlingField::ClaimTrue => self.claim_true.is_none(),
            HandlingField::BeyondDuty => self.beyond_duty.is_none(),
            HandlingField::Contacted => self.contacted.is_none(),
            HandlingField::ContactName => contact(|it| !it.name.is_empty()),
            HandlingField::ContactPhone => contact(|it| !it.phone.is_empty()),
            HandlingField::ContactMethod => contact(|it| it.method.is_some()),
            HandlingField::ContactTime => contact(|it| it.at.is_some()),
            HandlingField::Solved => self.solved.is_none(),
            HandlingField::UnsolvedReason => {
                self.solved != Some(Solved::Yes) && self.unsolved_reason.is_empty()
            }
            HandlingField::WorkDone => self.work_done.is_empty(),
        }
    }
}
