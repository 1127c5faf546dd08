//! The times of a folder as a trial takes them: by category, and by how pressing a case is where its category says nothing.

use std::collections::BTreeMap;

use huying_proto::{
    evaluation::v1::TimesOnTrial,
    routing::v1::{Category, DefaultLimit, ListCategoriesRequest},
};

use crate::cli::page::Most;
use crate::client::Client;

/// Those of a folder; its categories' as what holds already where they do. Which times by priority hold nobody tells.
///
/// # Errors
/// Routing's refusal.
pub(super) async fn on_trial(
    client: &Client,
    categories: Vec<Category>,
    defaults: Vec<DefaultLimit>,
) -> anyhow::Result<Vec<TimesOnTrial>> {
    let held = held(client).await?;
    let own = categories.into_iter().filter_map(|it| of_category(it, &held));
    let by_priority = defaults.into_iter().map(|DefaultLimit { priority, respond, resolve }| TimesOnTrial {
        priority,
        respond,
        resolve,
        ..Default::default()
    });
    Ok(own.chain(by_priority).collect())
}

/// None: it has no times of its own.
fn of_category(it: Category, held: &BTreeMap<String, Category>) -> Option<TimesOnTrial> {
    let same = |other: &Category| {
        (other.respond, other.resolve, other.priority) == (it.respond, it.resolve, it.priority)
    };
    let held = held.get(&it.code).is_some_and(same);
    it.respond.or(it.resolve)?;
    Some(TimesOnTrial {
        respond: it.respond,
        resolve: it.resolve,
        usual: it.priority,
        held,
        category: it.code,
        ..Default::default()
    })
}

/// The categories that hold.
async fn held(client: &Client) -> anyhow::Result<BTreeMap<String, Category>> {
    let (mut directory, district) = (client.directory(&client.reader()?)?, client.district()?);
    let categories = Most { limit: 100_000 }
        .collect(async |page_size, page_token| {
            let request = ListCategoriesRequest {
                district: district.clone(),
                page_size,
                page_token,
                ..Default::default()
            };
            let page = directory.list_categories(request).await?.into_inner();
            Ok((page.categories, page.next_page_token))
        })
        .await?;
    Ok(categories.into_iter().map(|it| (it.code.clone(), it)).collect())
}
