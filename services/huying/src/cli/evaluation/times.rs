//! The times of a folder as a trial takes them: by category, and by how pressing a case is where its category says nothing.

use std::collections::BTreeMap;

use huying_proto::{
    evaluation::v1::TimesOnTrial,
    routing::v1::{Category, DefaultLimit, ListCategoriesRequest},
};

use crate::cli::page::Most;
use crate::client::Client;

/// Those of a folder, as what holds already where they do.
///
/// # Errors
/// Routing's refusal.
pub(super) async fn on_trial(
    client: &Client,
    categories: Vec<Category>,
    defaults: Vec<DefaultLimit>,
) -> anyhow::Result<Vec<TimesOnTrial>> {
    let held = held(client).await?;
    let own = categories.into_iter().filter_map(|it| of_category(it, &held.categories));
    let by_priority = defaults.into_iter().map(|it| of_priority(it, &held.defaults));
    Ok(own.chain(by_priority).collect())
}

/// The times that hold.
struct Held {
    categories: BTreeMap<String, Category>,
    defaults: Vec<DefaultLimit>,
}

fn of_priority(it: DefaultLimit, held: &[DefaultLimit]) -> TimesOnTrial {
    let held = held.contains(&it);
    TimesOnTrial {
        priority: it.priority,
        respond: it.respond,
        resolve: it.resolve,
        held,
        ..Default::default()
    }
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

async fn held(client: &Client) -> anyhow::Result<Held> {
    let (mut directory, district) = (client.directory(&client.reader()?)?, client.district()?);
    let mut defaults = Vec::new();
    let categories = Most { limit: 100_000 }
        .collect(async |page_size, page_token| {
            let request = ListCategoriesRequest {
                district: district.clone(),
                page_size,
                page_token,
                ..Default::default()
            };
            let page = directory.list_categories(request).await?.into_inner();
            defaults.extend(page.defaults);
            Ok((page.categories, page.next_page_token))
        })
        .await?;
    let categories = categories.into_iter().map(|it| (it.code.clone(), it)).collect();
    Ok(Held { categories, defaults })
}

#[cfg(test)]
mod tests {
    use huying_proto::common::v1::{Limit, LimitKind, Priority};

    use super::*;

    fn days(amount: u32) -> Option<Limit> {
        Some(Limit { kind: LimitKind::WorkDay.into(), amount })
    }

    fn category() -> Category {
        Category {
            code: "47678.5:e:09009".into(),
            name: "占道经营".into(),
            priority: Priority::High.into(),
            respond: days(1),
            resolve: days(5),
            ..Default::default()
        }
    }

    #[test]
    fn times_that_hold_already_are_told_from_others() {
        let held = BTreeMap::from([(category().code, category())]);
        let renamed = Category { name: "占用道路经营".into(), ..category() };
        let same = TimesOnTrial {
            category: category().code,
            respond: days(1),
            resolve: days(5),
            usual: Priority::High.into(),
            held: true,
            ..Default::default()
        };
        assert_eq!(of_category(renamed, &held), Some(same), "its name is no time");
        for other in [
            Category { respond: days(2), ..category() },
            Category { resolve: days(4), ..category() },
            Category { resolve: None, ..category() },
            Category { priority: Priority::Urgent.into(), ..category() },
            Category { code: "47678.5:e:09010".into(), ..category() },
        ] {
            let tried = of_category(other.clone(), &held).unwrap();
            assert!(!tried.held, "{other:?}");
            assert_eq!((tried.category, tried.resolve), (other.code, other.resolve));
        }
        let without = Category { respond: None, resolve: None, ..category() };
        assert_eq!(of_category(without, &held), None, "it has no times of its own");
    }
}
