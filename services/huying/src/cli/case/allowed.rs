//! What a unit may do with a case.

use huying_proto::casework::v1::{GetAllowedStepsRequest, StepAllowed};
use serde::Serialize;

use super::super::{
    Session,
    names::{Names, named},
    short,
};
use super::{As, show};
use crate::client::Client;
use crate::words::Word as _;

/// One line of the table: on what, and the step.
#[derive(Serialize)]
struct Line {
    on: String,
    #[serde(flatten)]
    step: StepAllowed,
}

pub(super) async fn allowed(session: &Session, client: &Client, on: As) -> anyhow::Result<()> {
    let case = show::find(client, &client.reader()?, &on.id).await?;
    let who = client.of_unit(on.unit.as_deref().unwrap_or(&case.holder)).await?;
    let request = GetAllowedStepsRequest { id: case.id.clone() };
    let told = client.cases(&who)?.get_allowed_steps(request).await?.into_inner();
    let of_case = told.steps.into_iter().map(|step| Line { on: told.number.clone(), step });
    let of_dispatches = told.dispatches.into_iter().flat_map(|dispatch| {
        let on = short::of(&case, &dispatch.id).unwrap_or_default();
        let on = format!("{on} {}", named(&dispatch.unit, &dispatch.unit_name)).trim_start().to_owned();
        dispatch.steps.into_iter().map(move |step| Line { on: on.clone(), step })
    });
    let mut names = Names::new(client)?;
    names.learn_units(told.approvals.iter().map(|approval| &approval.granter)).await?;
    let of_approvals = told.approvals.into_iter().flat_map(|approval| {
        let on = format!("{} → {}", approval.kind().both(), names.beside(&approval.granter));
        approval.steps.into_iter().map(move |step| Line { on: on.clone(), step })
    });
    let lines: Vec<Line> = of_case.chain(of_dispatches).chain(of_approvals).collect();
    session.out.list(&["on", "step", "may", "why not"], &lines, |Line { on, step }| {
        vec![on.clone(), step.step.clone(), if step.allowed { "yes" } else { "no" }.to_owned(), why_not(step)]
    })
}

/// Empty where it may be taken.
pub fn why_not(step: &StepAllowed) -> String {
    format!("{} {}", step.reason, step.words).trim_end().to_owned()
}
