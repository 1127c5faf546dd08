//! A step is one line of rule, asked alike of who takes it and for what is allowed now, and what then happens.

use super::{
    beside::Beside,
    error::{Error, Refusal},
    known::{Answer, Known},
    unit::By,
};
use huying_chassis::{
    log::{Aggregate, Decided, Stamp},
    run::Halt,
};
use uuid::Uuid;

/// Why a step does not happen: more must be known first, or it is refused.
pub type Stop = Halt<Refusal>;

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To<S: 'static> {
    /// Nowhere: the state stays.
    Same,
    At(S),
    /// From some states elsewhere, each to its own; the others stay.
    Per(&'static [(S, S)]),
}

/// What lets somebody take a step.
type Who<A> = fn(&A, &By) -> Result<(), Error>;
/// What must hold, by what is known.
type Fits<A> = fn(&A, &dyn Known) -> Answer<()>;

/// What holds for a step, whatever comes with it.
pub struct Rule<A: Ruled> {
    pub name: &'static str,
    /// The states it may be taken in.
    pub from: &'static [A::State],
    pub to: To<A::State>,
    /// Who may ask for it; none: it is heard from an event or due by the clock.
    pub by: Option<Who<A>>,
    /// What must hold besides the state.
    pub fits: Fits<A>,
}

impl<A: Ruled> Clone for Rule<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: Ruled> Copy for Rule<A> {}

impl<A: Ruled> Rule<A> {
    /// A step that nobody asks for, until [`Self::by`] says who may.
    pub const fn new(name: &'static str, from: &'static [A::State], to: To<A::State>) -> Self {
        Self { name, from, to, by: None, fits: |_, _| Ok(()) }
    }

    #[must_use]
    pub const fn by(self, who: Who<A>) -> Self {
        Self { by: Some(who), ..self }
    }

    #[must_use]
    pub const fn fits(self, what: Fits<A>) -> Self {
        Self { fits: what, ..self }
    }

    /// Where it leads from a state; none: it is not allowed there.
    pub fn leads(&self, from: A::State) -> Option<A::State> {
        self.from.contains(&from).then_some(match self.to {
            To::Same => from,
            To::At(to) => to,
            To::Per(pairs) => pairs.iter().find(|(one, _)| *one == from).map_or(from, |(_, to)| *to),
        })
    }

    /// Whether somebody may take it now.
    ///
    /// # Errors
    /// Why not, or [`Halt::More`].
    pub fn allows(&self, it: &A, by: &By, known: &dyn Known) -> Answer<()> {
        self.by.map_or(Ok(()), |may| may(it, by))?;
        self.is_for(it, known)
    }

    fn is_for(&self, it: &A, known: &dyn Known) -> Answer<()> {
        match self.leads(it.state()) {
            Some(_) => (self.fits)(it, known),
            None => Err(Error::StepNotAllowed { step: self.name, state: it.state_name() }.into()),
        }
    }
}

/// What has states, and rules for its steps.
pub trait Ruled: Aggregate<State: PartialEq + 'static> {
    /// Everywhere that it can be.
    const STATES: &'static [Self::State];
    /// Every step, in the order in which they are told.
    fn rules() -> &'static [Rule<Self>];
    fn state(&self) -> Self::State;
    fn state_name(&self) -> &'static str;
    /// Whether somebody reaches it at all: for others it is as if there were none.
    fn is_reached(&self, by: &By) -> bool;
    /// The case that it is part of, whose holder reaches it too.
    fn case(&self) -> Option<Uuid> {
        None
    }

    /// What else happens when it changes so, whichever step it was: to itself after these changes, and beside it.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn entails(&self, _: &[Self::Change], _: &dyn Known) -> Answer<(Vec<Self::Change>, Vec<Beside>)> {
        Ok((Vec::new(), Vec::new()))
    }

    /// Every step that can be asked for, and whether whoever asks may take it now, by their roles and by its rule.
    fn told(&self, known: &dyn Known) -> Vec<(&'static str, Answer<()>)> {
        let by = known.by();
        let told = |rule: &Rule<Self>| match by.may_ask(Self::KIND, rule.name) {
            true => (rule.name, rule.allows(self, by, known)),
            false => (rule.name, Err(Error::NotForRole { step: rule.name }.into())),
        };
        Self::rules().iter().filter(|rule| rule.by.is_some()).map(told).collect()
    }

    /// The steps that whoever asks may take now. One of which is not known yet whether it fits is among them.
    fn allowed(&self, known: &dyn Known) -> Vec<&'static str> {
        let told = self.told(known).into_iter();
        told.filter(|(_, may)| !matches!(may, Err(Halt::Refused(_)))).map(|(step, _)| step).collect()
    }
}

/// A step with what comes with it.
pub trait Step<A: Ruled>: Send + Sync {
    const RULE: Rule<A>;

    /// What happens, once the rule lets it.
    ///
    /// # Errors
    /// [`Halt::More`] while something is not known, or a refusal.
    fn decide(&self, it: &A, known: &dyn Known) -> Result<Decided<A::Change>, Halt<Error>>;

    /// What happens to others in the same commit. Asked only when something happens at all.
    ///
    /// # Errors
    /// As [`decide`](Self::decide).
    fn beside(&self, _: &A, _: &dyn Known) -> Answer<Vec<Beside>> {
        Ok(Vec::new())
    }

    /// The rule first, then what happens: to it, and beside it.
    ///
    /// # Errors
    /// As [`decide`](Self::decide); a refusal says which steps are allowed now.
    fn take(&self, it: &A, by: &By, known: &dyn Known) -> Result<Taken<A>, Stop> {
        let took = || {
            Self::RULE.allows(it, by, known)?;
            let Decided::Done(mut changes) = self.decide(it, known)? else {
                return Ok((Decided::AlreadyDone, Vec::new()));
            };
            let mut beside = self.beside(it, known)?;
            let (entailed, beside_it) = it.entails(&changes, known)?;
            changes.extend(entailed);
            beside.extend(beside_it);
            Ok((Decided::Done(changes), beside))
        };
        took().map_err(|halt: Halt<Error>| halt.map(|why| Refusal { why, allowed: it.allowed(known) }))
    }
}

/// What a step comes to: the changes of what it is taken on, and those of others beside it.
pub type Taken<A> = (Decided<<A as Aggregate>::Change>, Vec<Beside>);

/// Something that happened, as the log keeps it.
pub trait Happened<A: Ruled> {
    /// The rule it came about by; none: it may happen anywhere and leads nowhere.
    fn rule(&self) -> Option<Rule<A>>;
    /// What is different afterwards, besides the state.
    fn fold(&self, it: &mut A, stamp: &Stamp);
    /// Whether somebody got on with it: what lies still is not stirred by lamps and words alone.
    fn stirs(&self) -> bool {
        true
    }
    /// Why or what, in words, for the history; may be empty.
    fn words(&self) -> String {
        String::new()
    }
    /// The dispatches that begin with it, the lead first.
    fn called(&self) -> Vec<Uuid> {
        Vec::new()
    }
    /// Whether its words are for the reporter too.
    fn is_public(&self) -> bool {
        false
    }
}

/// The changes of an aggregate, each a step's own struct of the same name: `changes! { Change of Case: Opened, Accepted }`.
macro_rules! changes {
    ($(#[$doc:meta])* $name:ident of $of:ty: $($change:ident),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($change($change)),+
        }

        impl $name {
            /// What it has in common with all others.
            pub fn happened(&self) -> &dyn $crate::domain::rule::Happened<$of> {
                match self {
                    $(Self::$change(it) => it),+
                }
            }
        }

        $(impl From<$change> for $name {
            fn from(it: $change) -> Self {
                Self::$change(it)
            }
        })+
    };
}
pub(super) use changes;
