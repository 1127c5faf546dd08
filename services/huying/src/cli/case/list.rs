//! What a list of cases is asked for.

use clap::Args;
use huying_proto::{
    casework::v1::{CaseOrder, CaseState, Outcome},
    common::v1::{Lamp, Tier},
};

use super::super::{
    page::Most,
    session::{self, Moment},
};
use crate::words;

#[derive(Args, Debug)]
pub struct List {
    /// Only this state
    #[arg(long, value_parser = words::parser::<CaseState>())]
    pub(super) state: Option<CaseState>,
    /// Only those that closed like this
    #[arg(long, value_parser = words::parser::<Outcome>())]
    pub(super) outcome: Option<Outcome>,
    /// Only this tier
    #[arg(long, value_parser = words::parser::<Tier>())]
    pub(super) tier: Option<Tier>,
    /// Only those this unit holds
    #[arg(long, value_name = "CODE", default_value = "")]
    pub(super) holder: String,
    /// Only the returned ones that this unit is to arbitrate
    #[arg(long, value_name = "CODE", default_value = "")]
    pub(super) arbiter: String,
    /// Only the resolved ones that this unit is to look at
    #[arg(long, value_name = "CODE", default_value = "")]
    pub(super) verifier: String,
    /// Only those in this area
    #[arg(long, value_name = "CODE", default_value = "")]
    pub(super) area: String,
    /// Only this category
    #[arg(long, value_name = "CODE", default_value = "")]
    pub(super) category: String,
    /// Only those that the person with this subject has in hand (承办人)
    #[arg(long, value_name = "SUBJECT", default_value = "")]
    pub(super) officer: String,
    /// Only those with a red lamp on a running clock
    #[arg(long)]
    pub(super) overdue: bool,
    /// Only supervised items (督办件): those that had a notice or a talk
    #[arg(long)]
    pub(super) supervised: bool,
    /// Only those in the charge of this leader (领办)
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(super) leader: String,
    /// Only hard cases (难题): the open ones that are suspended or in a leader's charge
    #[arg(long)]
    pub(super) hard: bool,
    /// Only those that are not closed
    #[arg(long)]
    pub(super) open: bool,
    /// Only those whose worst running clock shows this
    #[arg(long, value_parser = words::parser::<Lamp>())]
    pub(super) lamp: Option<Lamp>,
    /// How the list goes
    #[arg(long, default_value = "newest", value_parser = words::parser::<CaseOrder>())]
    pub(super) order: CaseOrder,
    /// Only from this instant on, of what the order goes by: updated, opened or resolved
    #[arg(long, value_name = "INSTANT", value_parser = session::moment)]
    pub(super) from: Option<Moment>,
    /// Only before this instant, likewise
    #[arg(long, value_name = "INSTANT", value_parser = session::moment)]
    pub(super) before: Option<Moment>,
    #[command(flatten)]
    pub(super) most: Most,
}
