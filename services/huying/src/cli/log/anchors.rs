//! Anchors of the services' logs: listed for `huying log anchors`, compared with the logs for `huying log verify`.

use huying_proto::log::v1::{
    Anchor, AnchorFault, AnchorPlace, ListAnchorsRequest, LogFault, Position, VerifyAnchorsRequest,
};
use serde::Serialize;

use super::{Checked, Session};
use crate::client::Client;
use crate::output::note;
use crate::services::NAMES;

const PAGE: i32 = 100;

/// One anchor, and whose.
#[derive(Serialize)]
struct Listed {
    service: String,
    #[serde(flatten)]
    anchor: Anchor,
}

/// What `verify` calls them, among the kinds of aggregates.
fn in_words(place: AnchorPlace) -> &'static str {
    match place {
        AnchorPlace::File => "anchors in the file",
        AnchorPlace::Table => "anchors in the database",
        AnchorPlace::Nowhere | AnchorPlace::Unspecified => "not anchored",
    }
}

pub(super) async fn list_all(session: &Session, service: Option<&str>) -> anyhow::Result<()> {
    let client = session.client()?;
    let mut all = Vec::new();
    for service in NAMES.into_iter().filter(|name| service.is_none_or(|chosen| chosen == *name)) {
        all.extend(list(&client, service).await?);
    }
    let header = ["service", "number", "made", "entries", "until", "root", "signed"];
    session.out.list(&header, &all, |Listed { service, anchor }| {
        let made = client.when(anchor.make_time.as_ref());
        let until = anchor.until.as_ref().map(position).unwrap_or_default();
        let root = anchor.root.chars().take(16).collect();
        let signed = if anchor.signed { "yes" } else { "no" };
        let (number, entries) = (anchor.number.to_string(), anchor.entries.to_string());
        vec![service.clone(), number, made, entries, until, root, signed.to_owned()]
    })
}

fn position(at: &Position) -> String {
    format!("{}-{}-{}", at.epoch, at.transaction, at.sequence)
}

async fn list(client: &Client, service: &str) -> anyhow::Result<Vec<Listed>> {
    let (mut log, mut all, mut page_token) = (client.log(service)?, Vec::new(), String::new());
    loop {
        let page = log.list_anchors(ListAnchorsRequest { page_size: PAGE, page_token }).await?.into_inner();
        if page.place() == AnchorPlace::Nowhere {
            note(&format!("the log of {service} is not anchored: set anchors.key_file and anchors.file"))?;
        }
        all.extend(page.anchors.into_iter().map(|anchor| Listed { service: service.to_owned(), anchor }));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

/// What the check of a service's anchors came to: of so many, which have so many entries.
pub(super) async fn verify(client: &Client, service: &str) -> anyhow::Result<Checked> {
    let (mut log, mut page_token) = (client.log(service)?, String::new());
    let mut one = Checked { service: service.to_owned(), of_anchors: true, ..Checked::default() };
    loop {
        let request = VerifyAnchorsRequest { page_size: PAGE, page_token };
        let page = log.verify_anchors(request).await?.into_inner();
        one.kind = in_words(page.place()).to_owned();
        one.checked += i64::from(page.checked);
        one.replayed += page.entries;
        one.faults.extend(page.faults.into_iter().map(fault));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(one);
        }
    }
}

fn fault(AnchorFault { anchor, problem, .. }: AnchorFault) -> LogFault {
    LogFault { aggregate: format!("anchor {anchor}"), problem }
}
