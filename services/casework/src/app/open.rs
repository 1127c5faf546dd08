//! 立案: a case opens when routing has decided. What the reporter said in the meantime is taken over; a request taken back opens none.

use chrono::{DateTime, Utc};
use huying_chassis::{follow::Failure, id, log::ChangeSet};
use huying_terms::Limit;

use super::{
    App,
    step::unasked,
    world::{CaseOf, Knowing, ProfileOf},
};
use crate::domain::{
    By, Case, Change, ClockKind, Clocks, Prelude,
    case::step::{Coming, DeskStay, Opened, Opening, Relieved, Supplemented, least_loaded},
};

/// When it was what, and how long its holder has.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub respond: Limit,
    pub resolve: Limit,
    pub submitted_at: Option<DateTime<Utc>>,
    /// From when to when it was at the triage desk; none: it was not.
    pub at_desk: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl App {
    /// Opens the case; nothing when the request has one already or was taken back. Should two see none at once, the claim on the request
    /// lets one of them through and the other looks again.
    pub async fn open(&self, opening: Opening, times: Times) -> Result<ChangeSet, Failure> {
        let (case, request) = (id::new(), opening.request);
        let Times { respond, resolve, submitted_at, at_desk } = times;
        self.heard(|seen| {
            let prelude = seen.find::<Prelude>(request)?;
            if seen.ask(CaseOf(request))?.is_some() || prelude.is_some_and(|prelude| prelude.it.withdrawn) {
                return Ok(Vec::new());
            }
            let profile = seen.ask(ProfileOf(opening.district.clone()))?;
            // Time at the desk counts. What was submitted in the future was submitted now.
            let since = submitted_at.map_or_else(|| seen.now(), |at| at.min(seen.now()));
            let mut clocks = Clocks::start([(ClockKind::Respond, respond)], profile, seen.now());
            clocks.set(ClockKind::Resolve, Some(&profile.clock(resolve, since)));
            let mut changes = vec![Change::from(Opened {
                opening: Box::new(Opening {
                    desk: at_desk.map(|stay| DeskStay::of(profile, resolve, stay)),
                    ..opening.clone()
                }),
                clocks: clocks.clone(),
                idle_percent: profile.policies.idle_percent,
            })];
            // Routing decided before it had the profile that names who goes on.
            let relieved = profile.successors.get(&opening.holder.unit);
            changes.extend(relieved.map(|to| Relieved::at_once(&opening.holder, to, clocks).into()));
            let known = Knowing { seen, id: case, by: &By::default(), profile, away: false };
            let unit = &relieved.unwrap_or(&opening.holder).unit;
            let coming = Coming { district: &opening.district, unit, before: None, given: &[] };
            let officer = least_loaded(coming, &known).map_err(|halt| halt.map(unasked))?;
            changes.extend(officer.map(Into::into));
            let added = prelude.iter().flat_map(|prelude| &prelude.it.additions);
            changes
                .extend(added.map(|text| Supplemented { request, text: text.clone(), clocks: None }.into()));
            let opened = seen.begin::<Case>(case, &changes)?.map(|(draft, _)| draft);
            let Some(prelude) = prelude else { return Ok(opened.into_iter().collect()) };
            let taken = seen.draft(prelude, prelude.it.take(case))?.map(|(draft, _)| draft);
            Ok(taken.into_iter().chain(opened.map(|draft| draft.claiming_from(request))).collect())
        })
        .await
    }
}
