//! 签收: the holder takes it on, and the respond clock stops. What nobody has in hand is then in the hands of whoever accepts it.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use super::on_duty::accepting;
use crate::domain::{
    case::{Case, Change, State, holder},
    clocks::ClockKind,
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Copy, Debug)]
pub struct Accept;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respond: Option<Clock>,
}

impl Step<Case> for Accept {
    const RULE: Rule<Case> = Rule::new("accept", &[State::Assigned], To::At(State::Working)).by(holder);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let respond = case.clocks.stopped(ClockKind::Respond, known.profile(), known.now());
        let accepting = accepting(case, known).map(Into::into);
        Ok(Decided::Done(std::iter::once(Accepted { respond }.into()).chain(accepting).collect()))
    }
}

impl Happened<Case> for Accepted {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Accept::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.clocks.set(ClockKind::Respond, self.respond.as_ref());
    }
}
