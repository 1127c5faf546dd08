//! `profile.toml`, `calendar.toml`, `channels.toml`: what is not a table.

use chrono::{NaiveDate, NaiveTime};
use huying_proto::common::v1 as common;
use huying_proto::intake::v1 as intake;
use huying_terms::{
    Limit, Span, Tier, Tz,
    calendar::{day, end_of_hours, time_of_day},
};
use serde::Deserialize;
use toml::Spanned;

use super::derived::Derived;
use super::fault::Faults;
use super::folder::Folder;
use super::toml_file::TomlFile;
use crate::words::Word as _;

/// `profile.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceToml {
    district: Spanned<String>,
    name: Spanned<String>,
    prefix: Spanned<String>,
    zone: Spanned<String>,
    top_tier: Spanned<String>,
    /// The folder that what stands in no file of the place is taken from.
    common: Option<Spanned<String>>,
    #[serde(default)]
    derived: Derived,
    #[serde(default)]
    within: Vec<String>,
    #[serde(default)]
    hotline: String,
    card_url: Option<Spanned<String>>,
    card_rate: Option<Spanned<RateToml>>,
    #[serde(default, rename = "source")]
    _source: toml::Table,
    #[serde(default)]
    grid_team: GridTeam,
}

/// Of whom a grid team is made up.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct GridTeam {
    forces: Vec<String>,
}

/// What place it is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) district: String,
    pub(super) name: String,
    pub(super) prefix: String,
    pub(super) zone: Tz,
    pub(super) top_tier: Tier,
    pub(super) common: Option<String>,
    pub(super) derived: Derived,
    /// What it lies in, from the top.
    pub(super) within: Vec<String>,
    /// Whom to call where a card counts no more; empty: intake's own.
    pub(super) hotline: String,
    /// What stands before a card's code in print; empty: nothing.
    pub(super) card_url: String,
    /// What one card may send; none: intake's own.
    pub(super) card_rate: Option<intake::Rate>,
    /// Of whom a grid team is made up.
    pub(super) team: Vec<String>,
}

pub(super) fn read_place(folder: &Folder, faults: &mut Faults) -> Option<Place> {
    let toml = TomlFile::<PlaceToml>::read(folder, "profile.toml", faults)?;
    let it = &toml.it;
    let district = it.district.get_ref();
    if !matches!(district.len(), 6 | 9) || !district.bytes().all(|byte| byte.is_ascii_digit()) {
        let fix = "write the 6 digits of the district (9 for a town on its own)";
        toml.fault(&it.district.span(), format!("district '{district}' is no area code"), fix, faults);
    }
    if it.name.get_ref().is_empty() {
        toml.fault(&it.name.span(), "name is empty", "write the place's name", faults);
    }
    let prefix = it.prefix.get_ref();
    if !(2..=6).contains(&prefix.len()) || !prefix.bytes().all(|byte| byte.is_ascii_uppercase()) {
        let fix = "write 2 to 6 capital letters";
        toml.fault(&it.prefix.span(), format!("prefix '{prefix}' cannot begin a number"), fix, faults);
    }
    let zone = it.zone.get_ref().parse::<Tz>().ok();
    if zone.is_none() {
        let what = format!("zone '{}' is no time zone", it.zone.get_ref());
        toml.fault(&it.zone.span(), what, "write an IANA name such as Asia/Shanghai", faults);
    }
    let top_tier = it.top_tier.get_ref().parse::<Tier>().ok();
    if top_tier.map(Tier::code_len) != Some(district.len()) {
        let what = format!("top_tier '{}' is not that of {district}", it.top_tier.get_ref());
        toml.fault(&it.top_tier.span(), what, "use district, or street for a town on its own", faults);
    }
    if let Some(common) = it.common.as_ref().filter(|it| !folder.has_folder(it.get_ref())) {
        let what = format!("there is no folder {}", common.get_ref());
        toml.fault(&common.span(), what, "name the folder as seen from this one, such as ../common", faults);
    }
    let card_url = it.card_url.as_ref().map_or("", |url| url.get_ref());
    if let Some(url) = it.card_url.as_ref().filter(|url| !is_address(url.get_ref())) {
        let what = format!("card_url '{card_url}' is no address");
        toml.fault(&url.span(), what, "write one such as https://h.example/c/", faults);
    }
    Some(Place {
        hotline: it.hotline.clone(),
        card_url: card_url.to_owned(),
        card_rate: it.card_rate.as_ref().map(|rate| read_rate(&toml, rate, faults)),
        district: district.clone(),
        name: it.name.get_ref().clone(),
        prefix: prefix.clone(),
        zone: zone?,
        top_tier: top_tier?,
        common: it.common.as_ref().map(|it| it.get_ref().clone()),
        derived: it.derived.clone(),
        within: it.within.clone(),
        team: it.grid_team.forces.clone(),
    })
}

/// What one sender may send.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct RateToml {
    minute: u32,
    hour: u32,
}

fn read_rate<T>(toml: &TomlFile<T>, rate: &Spanned<RateToml>, faults: &mut Faults) -> intake::Rate {
    let RateToml { minute, hour } = *rate.get_ref();
    if minute == 0 || hour < minute {
        let fix = "write 1 or more a minute, and no less an hour";
        toml.fault(&rate.span(), "this rate lets nobody in", fix, faults);
    }
    intake::Rate { minute, hour }
}

/// Whether a code may stand behind it in print.
fn is_address(url: &str) -> bool {
    let scheme = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    scheme && url.len() <= 200 && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// `calendar.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarToml {
    weekend: Spanned<Vec<String>>,
    hours: Spanned<Vec<HoursToml>>,
    holidays: Spanned<Vec<Spanned<String>>>,
    makeup: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursToml {
    from: Spanned<String>,
    to: Spanned<String>,
}

/// When the place works.
pub(super) fn read_calendar(
    folder: &Folder,
    zone: Tz,
    faults: &mut Faults,
) -> Option<huying_terms::Calendar> {
    let toml = TomlFile::<CalendarToml>::read(folder, "calendar.toml", faults)?;
    let mut weekend = toml.it.weekend.get_ref().clone();
    weekend.sort();
    if weekend != ["saturday", "sunday"] {
        let fix = "only [\"saturday\", \"sunday\"] can be used so far; other days off go into holidays";
        toml.fault(&toml.it.weekend.span(), "this weekend is not known", fix, faults);
    }
    let mut calendar = huying_terms::Calendar::new(zone);
    let mut time = |text: &Spanned<String>, read: fn(&str) -> Option<NaiveTime>| {
        let time = read(text.get_ref());
        if time.is_none() {
            let what = format!("'{}' is no time of day", text.get_ref());
            toml.fault(
                &text.span(),
                what,
                "write HH:MM, such as 08:30, or 24:00 for the end of the day",
                faults,
            );
        }
        time
    };
    let hours = toml.it.hours.get_ref().iter();
    calendar.hours = hours
        .filter_map(|span| Some(Span::new(time(&span.from, time_of_day)?, time(&span.to, end_of_hours)?)))
        .collect();
    let mut date = |text: &Spanned<String>| -> Option<NaiveDate> {
        let date = day(text.get_ref());
        if date.is_none() {
            let what = format!("'{}' is no date", text.get_ref());
            toml.fault(&text.span(), what, "write YYYY-MM-DD, such as 2026-10-01", faults);
        }
        date
    };
    calendar.holidays = toml.it.holidays.get_ref().iter().filter_map(&mut date).collect();
    calendar.makeup = toml.it.makeup.iter().filter_map(&mut date).collect();
    if let Err(error) = calendar.check() {
        toml.fault(
            &toml.it.hours.span(),
            error.to_string(),
            "correct the hours, holidays or makeup days",
            faults,
        );
    }
    Some(calendar)
}

/// `channels.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelsToml {
    channel: Vec<ChannelToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelToml {
    code: Spanned<String>,
    name: String,
    answers: Spanned<String>,
    duty: Spanned<LimitToml>,
    #[serde(rename = "taker")]
    _taker: String,
    needs_external_id: bool,
    #[serde(default)]
    sources: Vec<String>,
    datum: Option<Spanned<String>>,
    rate: Option<Spanned<RateToml>>,
    door_rate: Option<Spanned<RateToml>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitToml {
    pub(super) amount: u32,
    pub(super) kind: huying_terms::LimitKind,
}

/// The doors.
pub(super) fn read_channels(folder: &Folder, faults: &mut Faults) -> Vec<intake::ChannelRule> {
    let Some(toml) = TomlFile::<ChannelsToml>::read(folder, "channels.toml", faults) else {
        return Vec::new();
    };
    let mut rules: Vec<intake::ChannelRule> = Vec::new();
    for door in &toml.it.channel {
        let code = door.code.get_ref();
        let Some(channel) = intake::Channel::parse(code) else {
            let known: Vec<&str> = intake::Channel::ALL.iter().map(|(word, _)| *word).collect();
            let fix = format!("use one of: {}", known.join(", "));
            toml.fault(&door.code.span(), format!("the channel '{code}' is unknown"), fix, faults);
            continue;
        };
        if rules.iter().any(|rule| rule.channel == i32::from(channel)) {
            let fix = "keep one of them";
            toml.fault(&door.code.span(), format!("the channel '{code}' is given twice"), fix, faults);
        }
        let answers = door.answers.get_ref().as_str();
        if !matches!(answers, "published" | "told") {
            let what = format!("answers '{answers}' is unknown");
            toml.fault(&door.answers.span(), what, "use published or told", faults);
        }
        let duty = door.duty.get_ref();
        if let Err(error) = Limit::new(duty.kind, duty.amount) {
            toml.fault(&door.duty.span(), error.to_string(), "write a longer or shorter duty", faults);
        }
        let datum = door.datum.as_ref().map_or(common::Datum::Unspecified, |word| {
            word.get_ref().parse().map(huying_wire::datum::write).unwrap_or_else(|_| {
                let what = format!("datum '{}' is unknown", word.get_ref());
                toml.fault(&word.span(), what, "use one of: wgs84, gcj02, bd09", faults);
                common::Datum::Unspecified
            })
        });
        rules.push(intake::ChannelRule {
            rate: door.rate.as_ref().map(|rate| read_rate(&toml, rate, faults)),
            door_rate: door.door_rate.as_ref().map(|rate| read_rate(&toml, rate, faults)),
            datum: datum.into(),
            channel: channel.into(),
            name: door.name.clone(),
            published: answers == "published",
            external_id_required: door.needs_external_id,
            sources: door.sources.clone(),
        });
    }
    rules
}
