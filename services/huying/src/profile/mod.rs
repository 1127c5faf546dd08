//! A profile: a place as a folder of plain files, read into the four parts the services take.
//!
//! Who uses it: `huying up`, `huying profile apply|diff` and the tests. The services check their
//! parts whole again; what is found here comes with file, line and what to do.
//!
//! Map: `fault` is what can be wrong, `sheet` and `toml_file` read files, the others know what they mean.

mod areas;
mod authority;
mod bonds;
mod borders;
mod callbacks;
mod categories;
mod check;
mod clocks;
mod derived;
mod evidence;
mod fault;
mod folder;
mod forces;
mod handling;
mod ledgers;
mod officers;
mod place;
mod policies;
mod rates;
mod scope;
mod sheet;
mod successors;
mod toml_file;
mod triage;
mod units;
mod visits;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use huying_proto::{casework, evaluation, intake, routing};
use huying_terms::Calendar;

pub use fault::{Fault, ProfileError};

use areas::Areas;
use authority::Authority;
use categories::{Categories, StandIns};
use clocks::Clocks;
use fault::Faults;
use folder::Folder;
use place::Place;
use units::Units;
use visits::Visits;

/// A place, ready to be sent.
#[derive(Clone, Debug)]
pub struct Profile {
    pub folder: PathBuf,
    /// The district's area code.
    pub district: String,
    pub name: String,
    /// IANA time zone.
    pub zone: String,
    pub intake: intake::v1::IntakeProfile,
    pub routing: routing::v1::RoutingProfile,
    pub casework: casework::v1::CaseworkProfile,
    pub evaluation: evaluation::v1::EvaluationProfile,
    calendar: Calendar,
}

impl Profile {
    /// Reads a folder.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(folder: &Path) -> Result<Self, ProfileError> {
        let mut faults = Faults::default();
        if !folder.is_dir() {
            faults.add("profile.toml", None, "there is no such folder", "name the folder of a place");
        }
        let profile = if folder.is_dir() { read(folder, &mut faults) } else { None };
        // What each service would refuse of its part, unless the files say already what is wrong.
        if let Some(profile) = profile.as_ref().filter(|_| faults.is_empty()) {
            check::check(profile, &mut faults);
        }
        faults.verdict(folder)?;
        // Whatever keeps a profile from being made has left a fault.
        profile.ok_or_else(|| ProfileError { folder: folder.to_owned(), faults: Vec::new() })
    }

    /// What is not wrong but should be known: areas whose cases begin with the unit above, and holidays that are not entered.
    pub fn warnings(&self, today: NaiveDate) -> Vec<String> {
        let missing = self.calendar.years_missing(today).into_iter();
        let vacant = check::vacant(&self.routing).into_iter().chain(check::crossing(&self.routing));
        let vacant = vacant.map(|what| format!("{}: {what}", self.name));
        let missing = missing
            .map(|year| {
                let festivals = self.calendar.festivals_missing(year).join(", ");
                format!(
                    "{}: calendar.toml lacks holidays of {year} ({festivals}): until all seven festivals are there, only weekends, \
                     what is entered, 1 January, 1 and 2 May and 1 to 3 October are off; add them when they are announced",
                    self.name
                )
            });
        vacant.chain(missing).collect()
    }
}

fn read(path: &Path, faults: &mut Faults) -> Option<Profile> {
    let folder = Folder::alone(path);
    // All else is written, or left out, for this place.
    let place = place::read_place(&folder, faults)?;
    let folder = &folder.over(place.common.as_deref(), &place.prefix);
    let doors = (place::read_channels(folder, faults), visits::read(folder, faults));
    let policies = policies::read_policies(folder, place.top_tier, faults);
    let calendar = place::read_calendar(folder, place.zone, faults);
    let clocks = Clocks::read(folder, faults);
    let dispatch = (clocks.default("dispatch_respond", faults), clocks.default("dispatch_resolve", faults));
    let [wait, review, callback] = ["wait", "review", "callback"].map(|it| clocks.default(it, faults));
    let directory = Directory::read(folder, &place, &clocks, faults);
    let ledgers = ledgers::read(folder, &known(&directory.routing), faults);
    let rates = rates::read(folder, faults);
    policies.iter().for_each(|policies| check_demands(policies, &directory.routing, faults));

    // Whatever could not be read has left its fault; all the rest was looked at before giving up.
    let (policies, days, district) = (policies?, calendar?, place.district.clone());
    let (calendar, learned_percent) = (Some(huying_wire::calendar::write(&days)), policies.learned_percent);
    let triage = triage::rules(policies.triage.clone(), policies.amber_percent, &clocks);
    let casework = casework::v1::CaseworkProfile {
        district: district.clone(),
        top_tier: huying_wire::tier::write(place.top_tier).into(),
        calendar: calendar.clone(),
        amber_percent: policies.amber_percent,
        dispatch_respond: dispatch.0,
        dispatch_resolve: dispatch.1,
        grants: policies.grants,
        approve: policies.approve,
        extensions: Some(policies.extensions),
        longest_extension: policies.longest_extension,
        attachments: policies.attachments,
        evidence: policies.evidence,
        required: policies.required,
        verification: policies.verification,
        verify: policies.verify,
        wait,
        return_window: policies.return_window,
        returns: Some(policies.returns),
        arbitrate: policies.arbitrate,
        review,
        unmerge: policies.unmerge,
        decline_grounds: policies.decline_grounds,
        supervision: Some(policies.supervision),
        ladder: policies.ladder,
        idle_percent: policies.idle_percent,
        groups: directory.groups,
        units: successors::units(&directory.routing.units),
        successors: directory.successors,
        roster: directory.roster,
        ledgers,
    };
    Some(Profile {
        evaluation: rates.evaluation(&district, calendar.clone(), callback, policies.callbacks),
        folder: path.to_owned(),
        district,
        name: place.name.clone(),
        zone: place.zone.name().to_owned(),
        intake: intake_part(
            place,
            (doors, directory.bonds),
            &directory.routing,
            &casework,
            policies.reporters,
        ),
        routing: routing::v1::RoutingProfile { calendar, learned_percent, triage, ..directory.routing },
        casework,
        calendar: days,
    })
}

/// What a ledger may name.
fn known(directory: &routing::v1::RoutingProfile) -> ledgers::Known<'_> {
    ledgers::Known {
        areas: directory.areas.iter().map(|area| area.code.as_str()).collect(),
        categories: directory.categories.iter().map(|category| category.code.as_str()).collect(),
    }
}

/// What is demanded of categories that there are, by units that there are.
fn check_demands(
    policies: &policies::Policies,
    directory: &routing::v1::RoutingProfile,
    faults: &mut Faults,
) {
    let categories = directory.categories.iter().map(|category| category.code.as_str());
    let evidence = policies.evidence.iter().map(|it| ("evidence is demanded", it.category.as_str()));
    let required = policies.required.iter().map(|it| ("words are demanded", it.category.as_str()));
    let verified = policies.verification.iter().map(|it| ("a look is demanded", it.category.as_str()));
    evidence::check(evidence.chain(required).chain(verified), categories, faults);
    for named in policies.verification.iter().map(|it| &it.unit).filter(|unit| !unit.is_empty()) {
        if !directory.units.iter().any(|unit| unit.code == *named) {
            let what = format!("'{named}' is to look at cases, and is no unit");
            faults.add("policies.toml", None, what, "write a code of units.csv");
        }
    }
}

/// Who there is and what can be about: routing's part but for the calendar, and what casework takes of it.
struct Directory {
    routing: routing::v1::RoutingProfile,
    groups: Vec<casework::v1::ResponseGroup>,
    successors: Vec<casework::v1::Successor>,
    roster: Vec<casework::v1::RosterOfficer>,
    bonds: Vec<intake::v1::Bond>,
}

impl Directory {
    fn read(folder: &Folder, place: &Place, clocks: &Clocks, faults: &mut Faults) -> Self {
        let district = place.district.as_str();
        let mut areas = Areas::read(folder, district, &place.derived, faults);
        areas::read_retired(folder, &mut areas, faults);
        let places = areas::read_places(folder, &areas, faults);
        let boundaries = borders::read(folder, &areas, faults);
        let units = Units::read(folder, (district, &place.derived), &areas, faults);
        let successors = successors::read(folder, &units.list, faults);
        let roster = officers::read(folder, &units.list, faults);
        let stand_ins = StandIns::read(folder, &units, faults);
        let categories = Categories::read(folder, (&units, &stand_ins), faults);
        let rules = categories::read_rules(folder, &categories, faults);
        let mut conditions = clocks::read_conditions(folder, faults);
        let of = (&categories, conditions.as_slice());
        let authority = Authority::read(folder, of, (&stand_ins, place.top_tier), faults);
        let condition_limits = clocks.conditioned(&categories.lines, &conditions, faults);
        let roads = areas::read_roads(folder, &areas, faults);
        let forces = forces::read(folder, district, &areas, faults);
        conditions.retain(|condition| !condition.keywords.is_empty());
        let routing = routing::v1::RoutingProfile {
            district: district.to_owned(),
            areas: areas.list,
            units: units.list,
            categories: categories.parts(&authority, clocks, place.top_tier, faults),
            authority: authority.rules,
            rules,
            boundaries,
            defaults: clocks.defaults(faults),
            calendar: None,
            places,
            conditions,
            condition_limits,
            learned_percent: 0,
            things: categories::read_things(folder, faults),
            danger: Some(categories::read_dangers(folder, clocks, faults)),
            within: place.within.clone(),
            elsewhere: areas::read_elsewhere(folder, faults),
            roads,
            priority_people: categories::read_priority_people(folder, faults),
            triage: None,
            forces,
            team: place.team.clone(),
        };
        let bonds = bonds::read(folder, &routing, faults);
        Self { routing, groups: units.groups, successors, roster, bonds }
    }
}

/// The unit at the head of the place's own line.
fn desk_of(directory: &routing::v1::RoutingProfile) -> Option<&routing::v1::Unit> {
    let is_head = |unit: &&routing::v1::Unit| {
        let of_line = matches!(unit.kind(), routing::v1::UnitKind::District | routing::v1::UnitKind::Street);
        of_line && unit.area == directory.district && unit.superior.is_empty()
    };
    directory.units.iter().find(is_head)
}

/// Intake knows of the directory only who may owe an answer; and when the place
/// works, for the time to object.
fn intake_part(
    place: Place,
    ((channels, visits), bonds): ((Vec<intake::v1::ChannelRule>, Visits), Vec<intake::v1::Bond>),
    directory: &routing::v1::RoutingProfile,
    casework: &casework::v1::CaseworkProfile,
    policies::Reporters { objection, tell_every, answer_within }: policies::Reporters,
) -> intake::v1::IntakeProfile {
    let succeeded = |it: &casework::v1::Successor| intake::v1::Successor {
        unit: it.unit.clone(),
        successor: it.code.clone(),
    };
    let above = directory.units.iter().filter(|unit| !unit.superior.is_empty());
    let superiors = above.map(|unit| (unit.code.clone(), unit.superior.clone()));
    let platform_superior = desk_of(directory).map(|unit| unit.code.clone()).unwrap_or_default();
    intake::v1::IntakeProfile {
        district: place.district,
        name: place.name,
        prefix: place.prefix,
        zone: place.zone.name().to_owned(),
        channels,
        units: directory.units.iter().map(|unit| unit.code.clone()).collect(),
        unit_names: directory.units.iter().map(|unit| (unit.code.clone(), unit.name.clone())).collect(),
        successors: casework.successors.iter().map(succeeded).collect(),
        calendar: casework.calendar.clone(),
        superiors: superiors.collect(),
        platform_superior,
        visit_plans: visits.plans,
        obliged_visits: visits.obliged,
        fixed_visitors: visits.visitors,
        hotline: place.hotline,
        card_url: place.card_url,
        card_rate: place.card_rate,
        bonds,
        objection,
        tell_every,
        answer_within,
    }
}
