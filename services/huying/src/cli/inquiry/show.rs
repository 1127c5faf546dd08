//! Inquiries, inspections, and the cases that delegates pick from, as people read them.

use huying_proto::evaluation::v1::{
    CallbackState, CountInquiriesRequest, Inquiry, InquiryAnswer, InquiryState, Inspection,
    ListInquiriesRequest, ListInspectableCasesRequest, ListInspectionsRequest, ListPublicInquiriesRequest,
};
use huying_words::set_in;

use super::super::Session;
use super::super::names::Names;
use super::super::page::{Most, head};
use crate::client::{Client, Who};
use crate::words::Word;

/// The largest page of the public board.
const BOARD: i32 = 50;

pub(super) async fn cases(
    session: &Session,
    client: &Client,
    who: &Who,
    (state, unit): (Option<CallbackState>, String),
    most: Most,
) -> anyhow::Result<()> {
    let (district, state) = (client.district()?, state.unwrap_or(CallbackState::Unspecified).into());
    let wanted = ListInspectableCasesRequest { district, unit, state, ..Default::default() };
    let mut delegates = client.delegates(who)?;
    let cases = most
        .collect(async |page_size, page_token| {
            let page = ListInspectableCasesRequest { page_size, page_token, ..wanted.clone() };
            let page = delegates.list_inspectable_cases(page).await?.into_inner();
            Ok((page.cases, page.next_page_token))
        })
        .await?;
    let mut names = Names::new(client)?;
    names.learn_units(cases.iter().map(|it| &it.unit)).await?;
    names.learn_areas(cases.iter().map(|it| &it.area)).await?;
    head(session, client, "cases 督评选件")?;
    let heads = ["number", "state", "satisfied", "area", "category", "unit", "resolved", "days late"];
    session.out.list(&heads, &cases, |it| {
        vec![
            it.number.clone(),
            it.state().chinese().to_owned(),
            it.satisfaction().chinese().to_owned(),
            names.beside(&it.area),
            it.category.clone(),
            names.beside(&it.unit),
            client.when(it.resolve_time.as_ref()),
            it.days_late.to_string(),
        ]
    })
}

pub(super) fn inspection(session: &Session, client: &Client, found: &Inspection) -> anyhow::Result<()> {
    head(session, client, "inspection 督评")?;
    session.out.one(found, |it| {
        vec![
            ("id", it.id.clone()),
            ("case", it.case.clone()),
            ("area", it.area.clone()),
            ("good", good(it.good).to_owned()),
            ("found", it.text.clone()),
            ("recorded", client.when(it.record_time.as_ref())),
        ]
    })
}

pub(super) async fn inspections(
    session: &Session,
    client: &Client,
    case: String,
    most: Most,
) -> anyhow::Result<()> {
    let wanted = ListInspectionsRequest { district: client.district()?, case, ..Default::default() };
    let mut delegates = client.delegates(&client.reader()?)?;
    let found = most
        .collect(async |page_size, page_token| {
            let page = ListInspectionsRequest { page_size, page_token, ..wanted.clone() };
            let page = delegates.list_inspections(page).await?.into_inner();
            Ok((page.inspections, page.next_page_token))
        })
        .await?;
    head(session, client, "inspections 督评")?;
    session.out.list(&["recorded", "good", "found", "area", "case"], &found, |it| {
        let (when, text) = (client.when(it.record_time.as_ref()), it.text.chars().take(32).collect());
        vec![when, good(it.good).to_owned(), text, it.area.clone(), it.case.clone()]
    })
}

fn good(good: bool) -> &'static str {
    if good { "到位" } else { "不到位" }
}

pub(super) async fn list(
    session: &Session,
    client: &Client,
    (state, unit): (Option<InquiryState>, String),
    most: Most,
) -> anyhow::Result<()> {
    let (district, state) = (client.district()?, state.unwrap_or(InquiryState::Unspecified).into());
    let wanted = ListInquiriesRequest { district, unit, state, ..Default::default() };
    let mut inquiries = client.inquiries(&client.reader()?)?;
    let found = most
        .collect(async |page_size, page_token| {
            let page = ListInquiriesRequest { page_size, page_token, ..wanted.clone() };
            let page = inquiries.list_inquiries(page).await?.into_inner();
            Ok((page.inquiries, page.next_page_token))
        })
        .await?;
    lines(session, client, &found).await
}

pub(super) async fn board(session: &Session, client: &Client, most: Most) -> anyhow::Result<()> {
    let district = client.district()?;
    let mut inquiries = client.inquiries(&Who::Nobody)?;
    let found = most
        .collect(async |page_size, page_token| {
            let (district, page_size) = (district.clone(), page_size.min(BOARD));
            let page = ListPublicInquiriesRequest { district, page_size, page_token };
            let page = inquiries.list_public_inquiries(page).await?.into_inner();
            Ok((page.inquiries, page.next_page_token))
        })
        .await?;
    lines(session, client, &found).await
}

async fn lines(session: &Session, client: &Client, found: &[Inquiry]) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    names.learn_units(found.iter().map(|it| &it.unit)).await?;
    head(session, client, "inquiries 问政")?;
    let heads = ["opened", "state", "unit", "question", "office", "answers", "due", "id"];
    session.out.list(&heads, found, |it| {
        vec![
            client.when(it.open_time.as_ref()),
            it.state().chinese().to_owned(),
            names.beside(&it.unit),
            it.question.chars().take(24).collect(),
            it.office.clone(),
            it.answers.len().to_string(),
            due(client, it),
            it.id.clone(),
        ]
    })
}

pub(super) async fn count(session: &Session, client: &Client, unit: String) -> anyhow::Result<()> {
    let request = CountInquiriesRequest { district: client.district()?, unit };
    let counted = client.inquiries(&client.reader()?)?.count_inquiries(request).await?.into_inner();
    head(session, client, "inquiries 问政")?;
    session
        .out
        .list(&["state", "inquiries"], &counted.counts, |it| vec![it.state().both(), it.count.to_string()])
}

pub(super) async fn one(session: &Session, client: &Client, inquiry: &Inquiry) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    names.learn_units([&inquiry.unit]).await?;
    names.learn_areas([&inquiry.area]).await?;
    head(session, client, "inquiry 问政")?;
    session.out.one(inquiry, |it| {
        let answers = it.answers.iter().map(|it| answer(client, it));
        vec![
            ("question", it.question.clone()),
            ("id", it.id.clone()),
            ("state", it.state().both()),
            ("area", names.beside(&it.area)),
            ("unit", names.beside(&it.unit)),
            ("cases", it.cases.join("\n")),
            ("office", it.office.clone()),
            ("claimed", client.when(it.claim_time.as_ref())),
            ("answers", answers.collect::<Vec<_>>().join("\n")),
            ("due", due(client, it)),
            ("note", it.note.clone()),
            ("opened", client.when(it.open_time.as_ref())),
            ("ended", client.when(it.end_time.as_ref())),
            ("version", it.version.to_string()),
        ]
    })
}

fn due(client: &Client, it: &Inquiry) -> String {
    let at = client.when(it.due_time.as_ref());
    if it.overdue { format!("{at} 逾期") } else { at }
}

fn answer(client: &Client, it: &InquiryAnswer) -> String {
    let judged = match it.solved {
        Some(true) => format!("  → 已解决 {}", set_in(&it.note)),
        Some(false) => format!("  → 未解决 {}", set_in(&it.note)),
        None => String::new(),
    };
    format!("{}  {}{judged}", client.when(it.answer_time.as_ref()), set_in(&it.text))
}
