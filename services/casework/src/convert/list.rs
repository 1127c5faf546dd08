//! What lists show, and how they go.

use huying_chassis::log_service::timestamp;
use huying_proto::{casework::v1 as pb, common::v1 as common};
use huying_wire::lamp;

use crate::domain::{Case, Officer, Order};

/// Characters of a case's content that a list shows.
const CONTENT: usize = 100;

pub fn officer(officer: &Officer) -> pb::Officer {
    pb::Officer { subject: officer.subject.clone(), name: officer.name.clone() }
}

/// The ids of its dispatches to these units.
pub(super) fn dispatches(it: &Case, seen: impl Fn(&str) -> bool) -> Vec<String> {
    it.dispatches
        .iter()
        .filter(|called| seen(&called.unit))
        .map(|called| called.dispatch.to_string())
        .collect()
}

/// What boards go by.
pub fn standing(case: &Case, whole: bool) -> pb::Case {
    let pressing = case.clocks.pressing();
    pb::Case {
        officer: case.officer.as_ref().filter(|_| whole).map(officer),
        holder_name: case.holder.name.clone(),
        update_time: Some(timestamp(case.updated_at.unwrap_or(case.opened_at))),
        lamp: pressing.map_or(common::Lamp::Unspecified, |(shown, _)| lamp::write(shown)).into(),
        visit_first: whole && case.visit_first(),
        due_time: pressing.map(|(_, due)| timestamp(due)),
        ..Default::default()
    }
}

/// A case as lists show it.
pub fn summary(case: pb::Case) -> pb::Case {
    pb::Case {
        content: case.content.chars().take(CONTENT).collect(),
        answer: String::new(),
        handling: None,
        question: None,
        last_public_note: None,
        refusals: Vec::new(),
        dispatches: Vec::new(),
        ..case
    }
}

/// A case as a ledger has it: what is put into a file is not cut.
pub fn on_ledger(case: pb::Case) -> pb::Case {
    let solved = case.handling.as_ref().map(|it| it.solved).unwrap_or_default();
    let handling = pb::Handling { solved, ..Default::default() };
    pb::Case {
        handling: Some(handling).filter(|it| *it != pb::Handling::default()),
        question: None,
        refusals: Vec::new(),
        dispatches: Vec::new(),
        ..case
    }
}

pub fn case_order(order: pb::CaseOrder) -> Order {
    match order {
        pb::CaseOrder::Unspecified | pb::CaseOrder::Newest => Order::Newest,
        pb::CaseOrder::DueFirst => Order::Due,
        pb::CaseOrder::Updated => Order::Updated,
        pb::CaseOrder::Opened => Order::Opened,
        pb::CaseOrder::Resolved => Order::Resolved,
    }
}

pub fn order(order: Order) -> pb::CaseOrder {
    match order {
        Order::Newest => pb::CaseOrder::Newest,
        Order::Due => pb::CaseOrder::DueFirst,
        Order::Updated => pb::CaseOrder::Updated,
        Order::Opened => pb::CaseOrder::Opened,
        Order::Resolved => pb::CaseOrder::Resolved,
    }
}

pub fn dispatch_order(order: pb::DispatchOrder) -> Order {
    match order {
        pb::DispatchOrder::Unspecified | pb::DispatchOrder::Newest => Order::Newest,
        pb::DispatchOrder::DueFirst => Order::Due,
    }
}
