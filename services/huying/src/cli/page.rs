//! What is shown: lists come in pages, and a command shows as many items as asked for; above a page that shows instants stands in which zone
//! they are.

use clap::Args;
use huying_chassis::clock::system_now;

use super::Session;
use crate::client::Client;
use crate::output::note;

/// The largest page a service gives, and the most that a command shows.
const LARGEST: u32 = 200;
const MOST: u32 = 100_000;

#[derive(Args, Clone, Copy, Debug)]
pub struct Most {
    /// How many to show at most
    #[arg(long, short = 'n', default_value_t = 50, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
}

impl Most {
    /// Asks for page after page, by size and token, until there is no more, or enough; then says how to go on.
    ///
    /// # Errors
    /// What the asking says.
    pub async fn collect<T>(
        self,
        mut ask: impl AsyncFnMut(i32, String) -> anyhow::Result<(Vec<T>, String)>,
    ) -> anyhow::Result<Vec<T>> {
        let limit = usize::try_from(self.limit)?;
        let (mut items, mut token) = (Vec::new(), String::new());
        loop {
            let wanted = limit.saturating_sub(items.len()).min(LARGEST as usize);
            let (page, next) = ask(i32::try_from(wanted)?, token).await?;
            items.extend(page);
            let enough = items.len() >= limit;
            if enough && !next.is_empty() {
                note(&stopped(self.limit))?;
            }
            if next.is_empty() || enough {
                items.truncate(limit);
                return Ok(items);
            }
            token = next;
        }
    }
}

/// Counts that come in several answers, each with the token of the next, summed up: `same` says which are of the same, `add` adds one.
///
/// # Errors
/// What the asking says.
pub async fn sum<T>(
    mut ask: impl AsyncFnMut(String) -> anyhow::Result<(Vec<T>, String)>,
    same: impl Fn(&T, &T) -> bool,
    add: impl Fn(&mut T, &T),
) -> anyhow::Result<Vec<T>> {
    let (mut sums, mut token): (Vec<T>, _) = (Vec::new(), String::new());
    loop {
        let (counts, next) = ask(token).await?;
        for count in counts {
            match sums.iter_mut().find(|sum| same(sum, &count)) {
                Some(sum) => add(sum, &count),
                None => sums.push(count),
            }
        }
        if next.is_empty() {
            return Ok(sums);
        }
        token = next;
    }
}

/// That a list stopped early, and how to go on.
fn stopped(limit: u32) -> String {
    if limit >= MOST {
        return format!("stopped at {limit}, and there may be more: narrow what is asked for");
    }
    format!("stopped at the first {limit}: for more add -n {}", limit.saturating_mul(4).min(MOST))
}

/// `JA-20261122-000001 · 2026-11-27 10:00 · Asia/Shanghai`: what it is, when it was looked at, and the zone of its instants. Beside the answer,
/// and nothing for programs, whose instants say their own.
pub fn head(session: &Session, client: &Client, what: &str) -> anyhow::Result<()> {
    if session.out.is_json() {
        return Ok(());
    }
    note(&format!("{what} · {} · {}", client.local(system_now(), "%Y-%m-%d %H:%M"), client.zone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_list_goes_on_until_there_is_enough() {
        let pages = async |size: i32, token: String| {
            let from: usize = token.parse().unwrap_or(0);
            let to = (from + usize::try_from(size)?).min(500);
            Ok(((from..to).collect::<Vec<_>>(), if to < 500 { to.to_string() } else { String::new() }))
        };
        for (limit, found) in [(1, 1), (200, 200), (450, 450), (500, 500), (900, 500)] {
            assert_eq!(Most { limit }.collect(pages).await.unwrap().len(), found);
        }
    }

    #[tokio::test]
    async fn counts_of_several_answers_add_up() {
        let answers = async |token: String| {
            Ok(match token.as_str() {
                "" => (vec![("a", 1), ("b", 2)], "2".to_owned()),
                _ => (vec![("b", 3), ("c", 4)], String::new()),
            })
        };
        let summed = sum(answers, |one, two| one.0 == two.0, |sum, more| sum.1 += more.1).await.unwrap();
        assert_eq!(summed, [("a", 1), ("b", 5), ("c", 4)]);
    }

    #[test]
    fn a_list_that_stops_says_how_to_go_on() {
        assert_eq!(stopped(50), "stopped at the first 50: for more add -n 200");
        assert_eq!(stopped(90_000), "stopped at the first 90000: for more add -n 100000");
        assert!(stopped(100_000).contains("narrow"));
    }
}
