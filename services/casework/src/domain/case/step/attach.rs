//! 佐证: a file is added by the holder, a department whose dispatch is open, or who supervises the case. Its bytes are in the store of objects before.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    attachment::{Attachment, AttachmentKind, File},
    case::{Case, Change, State, above, holder_or_at_work, holder_or_called},
    error::Error,
    known::{Answer, Known},
    profile::CaseworkProfile,
    rule::{Happened, Rule, Step, To},
    unit::By,
};

#[derive(Clone, Debug)]
pub struct Attach {
    pub file: File,
    /// The unit that adds it; none: somebody of no unit.
    pub unit: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    pub file: File,
}

impl Attach {
    /// The same file is there already: of this unit, showing the same, in this attempt.
    pub fn first<'a>(&self, case: &'a Case) -> Option<&'a Attachment> {
        case.attachments.iter().find(|it| {
            let same = it.file.sha256 == self.file.sha256 && it.file.kind == self.file.kind;
            same && it.by.unit == self.unit && it.attempt == case.attempt
        })
    }
}

impl Step<Case> for Attach {
    // Also while the reporter is asked: a verifier's photos come then.
    const RULE: Rule<Case> =
        Rule::new("attach", &[State::Working, State::Resolved], To::Same).by(concerned).fits(may_add);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if self.first(case).is_some() {
            return Ok(Decided::AlreadyDone);
        }
        fits(&self.file, known.profile())?;
        Ok(Decided::one(Attached { file: self.file.clone() }.into()))
    }
}

fn concerned(case: &Case, by: &By) -> Result<(), Error> {
    if case.is_verifier(by) {
        return Ok(());
    }
    holder_or_called(case, by).or_else(|not_holder| above(case, by).map_err(|_| not_holder))
}

fn may_add(case: &Case, known: &dyn Known) -> Answer<()> {
    let oversees = case.is_verifier(known.by()) || above(case, known.by()).is_ok();
    if !oversees {
        holder_or_at_work(case, known)?;
    }
    has_room(case, known)
}

fn has_room(case: &Case, known: &dyn Known) -> Answer<()> {
    let most = known.profile().attachments.most;
    // A verification must not fail for want of room: the one photo that it needs is always taken.
    let looks = case.verifier.is_some() && !case.is_worker(known.by());
    let needed = looks && !case.has_photo_of(known.by());
    if needed || case.attachments.len() < most as usize {
        Ok(())
    } else {
        Err(Error::TooManyAttachments { most }.into())
    }
}

/// What the profile takes.
fn fits(file: &File, profile: &CaseworkProfile) -> Result<(), Error> {
    let policy = &profile.attachments;
    if file.size > policy.largest {
        return Err(Error::AttachmentTooLarge { largest: policy.largest });
    }
    let taken = policy.media_types.contains(&file.media_type) && file.kind.fits(&file.media_type);
    if taken {
        return Ok(());
    }
    let allowed = policy.media_types.iter().filter(|one| file.kind.fits(one)).cloned().collect();
    Err(Error::MediaTypeNotAllowed { found: file.media_type.clone(), allowed })
}

/// The rule that a case has what is demanded of it, of its present attempt.
pub(super) fn has_evidence(case: &Case, known: &dyn Known) -> Answer<()> {
    let missing = case.missing_evidence(known.profile());
    if missing.is_empty() { Ok(()) } else { Err(Error::EvidenceRequired { missing }.into()) }
}

impl Case {
    /// What must still be added before it can be resolved; of a part nothing, since its whole is what is told of.
    pub fn missing_evidence(&self, profile: &CaseworkProfile) -> Vec<AttachmentKind> {
        if self.whole.is_some() {
            return Vec::new();
        }
        let of_category = profile.evidence.iter().filter(|evidence| evidence.is_of(&self.category));
        let of_category = of_category.flat_map(|evidence| &evidence.kinds);
        let mut missing: Vec<AttachmentKind> = of_category.chain(&self.demands.evidence).copied().collect();
        let has = |kind| self.attachments.iter().any(|it| it.file.kind == kind && it.attempt == self.attempt);
        missing.retain(|kind| !has(*kind));
        missing.sort();
        missing.dedup();
        missing
    }
}

impl Happened<Case> for Attached {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Attach::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        let attachment = Attachment {
            file: self.file.clone(),
            by: stamp.actor.clone(),
            at: stamp.at,
            attempt: case.attempt,
        };
        case.attachments.push(attachment);
    }

    fn words(&self) -> String {
        self.file.name.clone()
    }
}
