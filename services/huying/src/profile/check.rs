//! What the services would refuse, found before anything is sent: each checks its part whole, and what it says of a field is told of the
//! file that the field is written in. And what they would take, but with another holder than one would think.

use std::collections::BTreeSet;

use huying_chassis::status::Problem;
use huying_proto::common::v1::Tier;
use huying_proto::routing::v1::{RoutingProfile, UnitKind};
use huying_terms::Tier as Named;

use super::Profile;
use super::fault::Faults;

/// How many areas a warning names.
const NAMED: usize = 3;

/// The file that a list or a field of a part is written in; what is not here is a policy.
const FILES: [(&str, &str); 28] = [
    ("authority", "authority.csv"),
    ("areas", "areas.csv"),
    ("units", "units.csv"),
    ("categories", "categories.csv"),
    ("rules", "rules.csv"),
    ("things", "things.csv"),
    ("danger", "dangers.csv"),
    ("priority_people", "priority_people.csv"),
    ("bonds", "bonds.csv"),
    ("forces", "forces.csv"),
    ("boundaries", "boundaries.geojson"),
    ("defaults", "clocks.csv"),
    ("condition_limits", "clocks.csv"),
    ("callback", "clocks.csv"),
    ("wait", "clocks.csv"),
    ("review", "clocks.csv"),
    ("conditions", "conditions.csv"),
    ("places", "places.csv"),
    ("calendar", "calendar.toml"),
    ("channels", "channels.toml"),
    ("ledgers", "ledgers.toml"),
    ("rates", "rates.toml"),
    ("grades", "rates.toml"),
    ("groups", "groups.csv"),
    ("successors", "successors.csv"),
    ("roster", "officers.csv"),
    ("district", "profile.toml"),
    ("prefix", "profile.toml"),
];

/// Asks all four.
pub(super) fn check(profile: &Profile, faults: &mut Faults) {
    let answers = [
        huying_routing::grpc::profile::check(profile.routing.clone()),
        huying_casework::grpc::profile::check(profile.casework.clone()),
        huying_evaluation::grpc::profile::check(profile.evaluation.clone()),
        huying_intake::grpc::profile::check(profile.intake.clone()),
    ];
    for problem in answers.into_iter().filter_map(Result::err) {
        tell(profile, &problem, faults);
    }
}

fn tell(profile: &Profile, problem: &Problem, faults: &mut Faults) {
    let mut told = false;
    for (field, what) in problem.fields() {
        told = true;
        let field = field.strip_prefix("profile.").unwrap_or(field);
        if let Some((file, line)) = row(&profile.routing, field) {
            let own = format!("({file}:{line}) ");
            faults.add(file, Some(line), what.strip_prefix(&own).unwrap_or(what), "correct it");
            continue;
        }
        let list = field.split(['[', '.']).next().unwrap_or_default();
        let file = FILES.iter().find(|(name, _)| *name == list).map_or("policies.toml", |(_, file)| file);
        let code = item(&profile.routing, field).map_or_else(String::new, |code| format!(" ({code})"));
        faults.add(file, None, format!("{field}{code} {what}"), "correct it");
    }
    if !told {
        let file = if problem.reason() == "LEDGER_NOT_SERVED" { "ledgers.toml" } else { "policies.toml" };
        faults.add(file, None, problem.message(), "correct it");
    }
}

/// The file and the line of the authority table that a field such as `authority[3].lead` is of.
fn row<'a>(routing: &'a RoutingProfile, field: &str) -> Option<(&'a str, u64)> {
    let at: usize = field.strip_prefix("authority[")?.split_once(']')?.0.parse().ok()?;
    let (file, line) = routing.authority.get(at)?.line.rsplit_once(':')?;
    Some((file, line.parse().ok()?))
}

/// Rows of the authority table of which only their order says which one counts.
pub(super) fn crossing(routing: &RoutingProfile) -> Vec<String> {
    // What the service refuses was told as a fault.
    huying_routing::grpc::profile::warnings(routing.clone()).unwrap_or_default()
}

/// The code of the item that a field such as `units[3].superior` is of.
fn item<'a>(routing: &'a RoutingProfile, field: &str) -> Option<&'a str> {
    let (list, rest) = field.split_once('[')?;
    let at: usize = rest.split_once(']')?.0.parse().ok()?;
    match list {
        "areas" => Some(&routing.areas.get(at)?.code),
        "units" => Some(&routing.units.get(at)?.code),
        "categories" => Some(&routing.categories.get(at)?.code),
        "rules" => Some(&routing.rules.get(at)?.category),
        "places" => Some(&routing.places.get(at)?.name),
        "boundaries" => Some(&routing.boundaries.get(at)?.area),
        _ => None,
    }
}

/// Areas without a unit at a tier where some category starts: it starts with the one above, up to the top, which has a unit always.
pub(super) fn vacant(routing: &RoutingProfile) -> Vec<String> {
    let starts: BTreeSet<Tier> = routing.categories.iter().map(|category| category.authority()).collect();
    let held: BTreeSet<(UnitKind, &str)> =
        routing.units.iter().map(|unit| (unit.kind(), unit.area.as_str())).collect();
    let mut told = Vec::new();
    for tier in starts {
        let kind = match tier {
            Tier::Grid => UnitKind::GridTeam,
            Tier::Community => UnitKind::Community,
            Tier::Street => UnitKind::Street,
            Tier::District | Tier::Unspecified => continue,
        };
        let areas = routing.areas.iter().filter(|area| area.tier() == tier);
        let without: Vec<&str> = areas
            .filter(|area| !held.contains(&(kind, area.code.as_str())))
            .map(|area| area.name.as_str())
            .collect();
        if !without.is_empty() {
            let named = without.get(..NAMED.min(without.len())).unwrap_or_default().join(", ");
            let more = if without.len() > NAMED { ", …" } else { "" };
            let tier = huying_wire::tier::read(tier).map_or("", Named::as_str);
            told.push(format!(
                "{} of tier {tier} have no unit ({named}{more}): what starts there is held by the unit above",
                without.len()
            ));
        }
    }
    told
}
