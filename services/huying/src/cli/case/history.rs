//! What happened to a case.

use huying_proto::casework::v1::{GetHistoryRequest, HistoryEntry};
use huying_proto::common::v1::Actor;
use huying_words::set_in;

use super::super::{Session, names::Names, page::head};
use super::{find, handling};
use crate::client::{Client, Who};
use crate::words::Word;

pub(super) async fn history(session: &Session, client: &Client, id: &str) -> anyhow::Result<()> {
    let who = client.reader()?;
    let case = find(client, &who, id).await?;
    let entries = read(client, &who, &case.id).await?;
    if session.out.is_json() {
        return session.out.list(&[], &entries, |_| Vec::new());
    }
    let mut names = Names::new(client)?;
    names.learn_units(entries.iter().map(|entry| &entry.holder)).await?;
    names.learn_units(entries.iter().filter_map(|entry| entry.actor.as_ref()).map(|it| &it.unit)).await?;
    head(session, client, &case.number)?;
    session.out.blocks(&["version", "time", "event", "state", "holder", "by", "text"], &entries, |entry| {
        vec![
            entry.version.to_string(),
            client.when(entry.time.as_ref()),
            entry.event.clone(),
            entry.state().chinese().to_owned(),
            names.beside(&entry.holder),
            entry.actor.as_ref().map_or_else(String::new, |actor| by(&names, actor)),
            match &entry.handling {
                Some(handling) => format!("{}\n{}", set_in(&entry.text), handling::lines(client, handling)),
                None => entry.text.clone(),
            },
        ]
    })
}

/// Unit and person: by name where the token said it, else as its subject.
fn by(names: &Names, actor: &Actor) -> String {
    let person = if actor.name.is_empty() { &actor.subject } else { &actor.name };
    format!("{} {person}", names.beside(&actor.unit)).trim_start().to_owned()
}

/// All of it, page by page.
async fn read(client: &Client, who: &Who, id: &str) -> anyhow::Result<Vec<HistoryEntry>> {
    let mut cases = client.cases(who)?;
    let (mut entries, mut from_version) = (Vec::new(), 0);
    loop {
        let request = GetHistoryRequest { id: id.to_owned(), from_version, page_size: 1000 };
        let page = cases.get_history(request).await?.into_inner();
        entries.extend(page.entries);
        from_version = page.next_version;
        if from_version == 0 {
            return Ok(entries);
        }
    }
}
