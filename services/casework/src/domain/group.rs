//! 专项响应组、专班: several departments on one case under one chair. A response group stands in the profile and is asked for; a task force
//! is formed for the case, or a few of them, and for a span. At work on a case the two are one and the same: the chair commands its
//! departments there.

use std::collections::BTreeSet;

use chrono::{
    DateTime, Utc,
    serde::{ts_microseconds, ts_microseconds_option},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::unit::{Holder, Named};

/// Most response groups of a profile, and most members of one.
pub const MOST_IN_PROFILE: usize = 100;
pub const MOST_MEMBERS: usize = 20;
/// Most groups at work on a case at a time.
pub const MOST_AT_WORK: usize = 5;
/// Most cases that a task force is formed for at once.
pub const MOST_CASES: usize = 10;

/// 专项响应组, as the profile has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseGroup {
    /// Its code among the units.
    pub code: String,
    pub name: String,
    /// What people call its class, such as 城市管理.
    pub class: String,
    /// The unit that grants and commands.
    pub chair: String,
    /// Its departments, the one that leads first.
    pub members: Vec<String>,
}

/// What a group on a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// 专项响应组.
    Response,
    /// 专班、帮帮团.
    TaskForce,
}

/// A group that is to work on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// A response group's code, or the id that a task force was formed with.
    pub code: String,
    pub kind: GroupKind,
    pub name: String,
    pub chair: Holder,
    /// Its departments, the one that leads first.
    pub members: Vec<Named>,
    /// When a task force's span ends; none: with the case, or by hand.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "ts_microseconds_option")]
    pub until: Option<DateTime<Utc>>,
    /// The cases that a task force was formed for; none for a response group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Uuid>,
}

/// One at work on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AtWork {
    pub group: Group,
    #[serde(with = "ts_microseconds")]
    pub since: DateTime<Utc>,
}

impl ResponseGroup {
    /// Whether it can be asked for: a code, a name, a chair, and members, each once, in lines that can be seen.
    fn is_right(&self) -> bool {
        let members: BTreeSet<&String> = self.members.iter().collect();
        let said = |it: &String| !huying_words::is_blank(it) && huying_words::unfit_line(it).is_none();
        let all =
            [&self.code, &self.name, &self.class, &self.chair].into_iter().chain(&self.members).all(said);
        let few = (1..=MOST_MEMBERS).contains(&self.members.len());
        all && few && members.len() == self.members.len()
    }

    /// Everything that is wrong with those of a profile, each with its field.
    pub fn check(groups: &[Self]) -> Vec<(&'static str, String)> {
        let codes: BTreeSet<&str> = groups.iter().map(|group| group.code.as_str()).collect();
        let right = groups.iter().all(Self::is_right);
        if right && codes.len() == groups.len() && groups.len() <= MOST_IN_PROFILE {
            return Vec::new();
        }
        let what = format!(
            "must have a code of its own, a name, a class, a chair and 1 to {MOST_MEMBERS} members, each once; at most {MOST_IN_PROFILE} items"
        );
        vec![("profile.groups", what)]
    }
}

#[cfg(test)]
mod tests {
    use super::ResponseGroup;

    #[test]
    fn a_response_group_is_told_in_lines_that_can_be_seen() {
        let right = ResponseGroup {
            code: "RG-1".to_owned(),
            name: "路面塌陷".to_owned(),
            class: "城市管理".to_owned(),
            chair: "DEP-chengguan".to_owned(),
            members: vec!["DEP-jiaoguan".to_owned()],
        };
        assert!(ResponseGroup::check(std::slice::from_ref(&right)).is_empty());
        for bad in ["", "\u{3164}", "路\u{202e}面", "路\n面", "\u{1b}[2J"] {
            for group in [
                ResponseGroup { name: bad.to_owned(), ..right.clone() },
                ResponseGroup { class: bad.to_owned(), ..right.clone() },
                ResponseGroup { code: bad.to_owned(), ..right.clone() },
                ResponseGroup { members: vec![bad.to_owned()], ..right.clone() },
            ] {
                assert_eq!(ResponseGroup::check(&[group]).len(), 1, "{bad:?}");
            }
        }
    }
}
