//! Lists come in pages; a command shows as many items as asked for.

use clap::Args;

use crate::output::note;

/// The largest page a service gives.
const LARGEST: u32 = 200;

#[derive(Args, Clone, Copy, Debug)]
pub struct Most {
    /// How many to show at most
    #[arg(long, short = 'n', default_value_t = 50, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
}

impl Most {
    /// Asks for page after page until there is no more, or enough.
    ///
    /// # Errors
    /// What the asking says.
    pub async fn collect<T, F>(self, mut ask: impl FnMut(i32, String) -> F) -> anyhow::Result<Vec<T>>
    where
        F: Future<Output = anyhow::Result<(Vec<T>, String)>>,
    {
        let limit = usize::try_from(self.limit)?;
        let (mut items, mut token) = (Vec::new(), String::new());
        loop {
            let wanted = limit.saturating_sub(items.len()).min(LARGEST as usize);
            let (page, next) = ask(i32::try_from(wanted)?, token).await?;
            items.extend(page);
            let enough = items.len() >= limit;
            if enough && !next.is_empty() {
                note(&format!("the first {limit}: there may be more (-n)"))?;
            }
            if next.is_empty() || enough {
                items.truncate(limit);
                return Ok(items);
            }
            token = next;
        }
    }
}
