//! How a decision is explained, and what would differ: names beside codes, the most telling first.

use huying_proto::routing::v1::{
    RouteDifference, RouteExplanation, SimulateProfileResponse, SimulatedRoute, WeighedCategory,
};

use super::super::{Session, names::Names, page::head, triage::suggestion};
use crate::client::Client;
use crate::words::Word as _;

/// Parts whose values are codes of areas or units.
const UNITS: [&str; 2] = ["holder", "departments"];

pub(super) async fn explained(
    session: &Session,
    client: &Client,
    it: &RouteExplanation,
) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    let (route, today) = (it.route.clone().unwrap_or_default(), it.today.clone().unwrap_or_default());
    let kept = route.decision.clone().unwrap_or_default();
    if !session.out.is_json() {
        learn(&mut names, &it.differences).await?;
        names.learn_areas([&kept.area, &today.area]).await?;
        names.learn_areas(it.location.iter().flat_map(|it| &it.candidates)).await?;
        let suggested = today.suggested_units.iter().map(|it| &it.unit);
        names.learn_units(suggested.chain([&kept.holder, &today.holder])).await?;
    }
    head(session, client, &route.number)?;
    session.out.one(it, |it| fields(client, &names, it))
}

fn fields(client: &Client, names: &Names, it: &RouteExplanation) -> Vec<(&'static str, String)> {
    let route = it.route.clone().unwrap_or_default();
    let kept = route.decision.clone().unwrap_or_default();
    let location = it.location.clone().unwrap_or_default();
    let words = it.words.iter().map(|it| match it.standing.as_str() {
        "stands" => format!("{} ({})", it.text, it.place),
        standing => format!("{} ({}, {standing})", it.text, it.place),
    });
    let rows = it.rows.iter().map(|row| match row.why_not.as_str() {
        "" => format!("{} counts", row.line),
        why_not => format!("{} {why_not}", row.line),
    });
    let reasons = kept.reasons.iter().map(|it| format!("{}: {} ({})", it.part, it.text, it.rule));
    let guesses = kept.guesses.iter().map(|it| format!("{:.0} %  {}", it.confidence * 100.0, it.category));
    let suggested = it.today.iter().flat_map(|it| &it.suggested_units).map(|it| suggestion(names, it));
    let candidates = location.candidates.iter().map(|it| names.beside(it));
    let mentions = location.mentions.iter().map(|it| it.name.clone());
    vec![
        ("number", route.number.clone()),
        ("state", route.state().both()),
        ("title", route.title.clone()),
        ("content", route.content.clone()),
        ("words", words.collect::<Vec<_>>().join(", ")),
        ("speaks for", weighed(&it.categories)),
        ("model holds", guesses.collect::<Vec<_>>().join("\n")),
        ("units likely", suggested.collect::<Vec<_>>().join("\n")),
        ("address", location.text.clone()),
        ("names in it", mentions.collect::<Vec<_>>().join(", ")),
        ("may be", candidates.collect::<Vec<_>>().join("\n")),
        ("authority", rows.collect::<Vec<_>>().join("\n")),
        ("area", names.beside(&kept.area)),
        ("category", kept.category.clone()),
        ("holder", names.beside(&kept.holder)),
        ("undecided", route.undecided.join(", ")),
        ("why", reasons.collect::<Vec<_>>().join("\n")),
        ("decided by", route.decided_by.clone().unwrap_or_default().subject),
        ("profile", profile(client, it)),
        ("today", today(names, it)),
    ]
}

/// The one that won first, the next best below it.
fn weighed(categories: &[WeighedCategory]) -> String {
    let line = |it: &WeighedCategory| {
        format!("{:>4}  {} {}: {}", it.weight, it.category, it.name, it.words.join(", "))
    };
    categories.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn profile(client: &Client, it: &RouteExplanation) -> String {
    let applied = client.when(it.profile_apply_time.as_ref());
    if it.profile_changed {
        format!("applied {applied}, after this was decided")
    } else {
        format!("applied {applied}")
    }
}

fn today(names: &Names, it: &RouteExplanation) -> String {
    if it.differences.is_empty() {
        return "rules would decide the same".to_owned();
    }
    let undecided = if it.undecided.is_empty() {
        String::new()
    } else {
        format!("rules would leave it to the desk: {}\n", it.undecided.join(", "))
    };
    undecided + &differences(names, &it.differences)
}

fn differences(names: &Names, differences: &[RouteDifference]) -> String {
    let said = |text: &str| match text {
        "" => "–".to_owned(),
        codes => codes.split(", ").map(|code| names.beside(code)).collect::<Vec<_>>().join(", "),
    };
    let line = |it: &RouteDifference| format!("{}: {} → {}", it.part, said(&it.before), said(&it.after));
    differences.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The names of the areas and units among them.
async fn learn(names: &mut Names, differences: &[RouteDifference]) -> anyhow::Result<()> {
    for it in differences {
        for text in [&it.before, &it.after] {
            if it.part == "area" {
                names.learn_areas([text]).await?;
            } else if UNITS.contains(&it.part.as_str()) {
                let codes: Vec<String> = text.split(", ").map(str::to_owned).collect();
                names.learn_units(&codes).await?;
            }
        }
    }
    Ok(())
}

pub(super) async fn simulated(
    session: &Session,
    client: &Client,
    it: &SimulateProfileResponse,
) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    if !session.out.is_json() {
        for route in &it.routes {
            learn(&mut names, &route.differences).await?;
        }
    }
    head(session, client, "simulation 研判试算")?;
    session.out.one(it, |it| {
        let parts = it.parts.iter().map(|it| format!("{}  {}", it.count, it.part));
        let route = |it: &SimulatedRoute| {
            format!("{}\n  {}", it.number, differences(&names, &it.differences).replace('\n', "\n  "))
        };
        vec![
            ("decided anew", it.looked.to_string()),
            ("differ", it.changed.to_string()),
            ("in", parts.collect::<Vec<_>>().join("\n")),
            ("left to the desk", format!("{} → {}", it.undecided_before, it.undecided_after)),
            ("such as", it.routes.iter().map(route).collect::<Vec<_>>().join("\n")),
        ]
    })
}
