//! 重点人群: whether a request concerns somebody who comes first, as the door says or the words tell. Whom, no reason says.

use huying_terms::Priority;

use super::{danger::insists, quoted};
use crate::domain::{
    decision::{Part, Reason},
    index::{Index, Read},
};

/// What a request that concerns them is at least. More would be danger, which is read apart.
pub(super) const PRIORITY: Priority = Priority::High;

/// Why they are known to be concerned.
pub(super) enum Known {
    /// The door said so.
    Said,
    /// These words tell, in quotes.
    Read(String),
}

/// None: nobody is concerned who comes first. What the door says needs no words.
pub(super) fn find(index: &Index, read: &Read, said: bool) -> Option<Known> {
    if said {
        return Some(Known::Said);
    }
    let people = index.people_in(read);
    let hits: Vec<_> = people.into_values().filter(|hits| insists(read, hits)).flatten().collect();
    (!hits.is_empty()).then(|| Known::Read(quoted(hits.into_iter().map(|hit| hit.said.as_str()))))
}

impl Known {
    /// The priority that follows, and why; `settled`: a person's word on it is final.
    pub(super) fn raise(&self, found: Priority, settled: bool, reasons: &mut Vec<Reason>) -> Priority {
        let priority = if settled { found } else { found.max(PRIORITY) };
        let known = match self {
            Self::Said => "来件说明涉及重点人群".to_owned(),
            Self::Read(words) => format!("内容提到{words}，涉及重点人群"),
        };
        let raised = match priority > found {
            true => format!("，由{}提为{}", found.chinese(), priority.chinese()),
            false => String::new(),
        };
        reasons.push(Reason::new(Part::Priority, "people", format!("{known}{raised}，上门走访在先")));
        priority
    }
}
