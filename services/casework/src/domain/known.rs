//! What a step may ask besides what it is taken on. An answer that is not here yet halts it; it is asked again when it is.

use chrono::{DateTime, Utc};
use huying_chassis::run::Halt;
use uuid::Uuid;

use super::{
    case::Case,
    dispatch::Dispatch,
    error::Error,
    profile::CaseworkProfile,
    unit::{By, Unit},
};

/// An answer, or a halt until there is one.
pub type Answer<T> = Result<T, Halt<Error>>;

/// Whoever knows.
pub trait Known {
    /// The id of what the step is taken on.
    fn id(&self) -> Uuid;
    fn now(&self) -> DateTime<Utc>;
    /// Who asks; nobody, when an event or the clock is the cause.
    fn by(&self) -> &By;
    /// The profile of its district.
    fn profile(&self) -> &CaseworkProfile;
    /// The unit one tier above a case's holder.
    ///
    /// # Errors
    /// [`Halt::More`]; that there is none is told to the caller by whoever runs the step.
    fn superior(&self, case: &Case) -> Answer<&Unit>;
    /// The same; none when the directory knows none, or not the holder.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn superior_if_any(&self, case: &Case) -> Answer<Option<&Unit>>;
    /// The units of codes in a district, in their order.
    ///
    /// # Errors
    /// [`Halt::More`]; that one is unknown is told to the caller by whoever runs the step.
    fn units(&self, district: &str, codes: &[String]) -> Answer<&[Unit]>;
    /// A case as it is now.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn case(&self, id: Uuid) -> Answer<&Case>;
    /// The dispatches of a case.
    ///
    /// # Errors
    /// [`Halt::More`].
    fn dispatches(&self, case: &Case) -> Answer<Vec<(Uuid, &Dispatch)>>;
}
