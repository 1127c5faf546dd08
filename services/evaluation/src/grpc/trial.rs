//! A rule book on trial, checked: over what, and what is tried.

use std::collections::BTreeSet;

use huying_chassis::{status::Problem, validate::Violations};
use huying_proto::{common::v1 as common, evaluation::v1 as pb};
use huying_terms::{Limit, Priority};
use huying_wire::{calendar, limit, priority};

use super::{profile, validate};
use crate::{
    app::simulate::RuleBook,
    convert,
    domain::{
        figure::{
            By,
            rate::{self, Grade},
            trial::{GROUNDS, MOST, Times, Trial},
        },
        wanted::Rates,
    },
};

pub fn simulate_rates(request: pb::SimulateRatesRequest) -> Result<(Rates, RuleBook), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    let period = validate::period(&mut v, &request.from_date, &request.to_date);
    let rates = profile::rates(&mut v, "rates", request.rates);
    let grades: Vec<Grade> = request.grades.into_iter().map(convert::rates::read_grade).collect();
    for (field, what) in rate::check(&rates, &grades) {
        v.add(field, what);
    }
    let mut trial = Trial {
        callback: optional(&mut v, "callback", request.callback),
        grounds: request.grounds.map(|it| grounds(&mut v, it)),
        ..Trial::default()
    };
    if let Some(given) = &request.calendar {
        trial.calendar = calendar::check(&mut v, "calendar", Some(given));
        let unfit = trial.calendar.as_ref().and_then(|it| it.check().err());
        unfit.into_iter().for_each(|error| v.add("calendar", format!("must be usable: {error}")));
    }
    v.list_len("limits", request.limits.len(), 0..=MOST);
    for (n, it) in request.limits.into_iter().take(MOST).enumerate() {
        times(&mut v, &format!("limits[{n}]"), it, &mut trial);
    }
    v.finish()?;
    let (area, by) = (request.district.clone(), Some(By::Unit));
    let wanted = Rates { district: request.district, area, unit: String::new(), by, period };
    Ok((wanted, RuleBook { rates, grades, trial }))
}

/// What cases may be declined on, by code.
fn grounds(v: &mut Violations, it: pb::GroundsOnTrial) -> BTreeSet<String> {
    v.list_len("grounds.codes", it.codes.len(), 0..=GROUNDS);
    for (n, code) in it.codes.iter().take(GROUNDS).enumerate() {
        v.token(&format!("grounds.codes[{n}]"), code, 1..=64);
    }
    it.codes.into_iter().take(GROUNDS).collect()
}

fn times(v: &mut Violations, at: &str, it: pb::TimesOnTrial, trial: &mut Trial) {
    v.token(&format!("{at}.category"), &it.category, 0..=64);
    let pressing = word(v, &format!("{at}.priority"), it.priority);
    let times = Times {
        respond: optional(v, &format!("{at}.respond"), it.respond),
        resolve: optional(v, &format!("{at}.resolve"), it.resolve),
        usual: word(v, &format!("{at}.usual"), it.usual).unwrap_or_default(),
        held: it.held,
    };
    let given = times.respond.or(times.resolve).is_some() || !v.is_empty();
    v.require(&format!("{at}.resolve"), given, "or a time to respond must be given");
    let again = match pressing {
        Some(pressing) => trial.by_priority.insert((pressing, it.category), times),
        None => trial.own.insert(it.category, times),
    };
    v.require(&format!("{at}.category"), again.is_none(), "must be there once, and once for each priority");
}

fn optional(v: &mut Violations, field: &str, given: Option<common::Limit>) -> Option<Limit> {
    given.and_then(|given| limit::check(v, field, Some(given)))
}

/// None: unspecified.
fn word(v: &mut Violations, field: &str, given: i32) -> Option<Priority> {
    let word = common::Priority::try_from(given);
    v.require(field, word.is_ok(), "must be one of the named values, or unspecified");
    word.ok().and_then(priority::read)
}
