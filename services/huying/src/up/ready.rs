//! Asking the second ports whether everything is there.

use std::time::Duration;

use huying_chassis::config::TlsConfig;
use huying_http::{NoAnswer, Way, answer};
use tokio::time::{Instant, sleep};
use url::Url;

use super::READY_WITHIN;
use crate::failure::unavailable;
use crate::run_file::{Addresses, RunFile};

const AGAIN: Duration = Duration::from_millis(20);
/// An answer is a line or two.
const LARGEST: usize = 16 * 1024;

/// Who asks.
pub struct Asking {
    plain: Way,
    secure: Way,
}

impl Asking {
    /// Trusts whom the run file says.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn new(tls: Option<&TlsConfig>) -> anyhow::Result<Self> {
        let secure = Way::secure(tls.and_then(|tls| tls.ca_file.as_deref())).map_err(anyhow::Error::msg)?;
        Ok(Self { plain: Way::plain(), secure })
    }

    /// Is it ready, and what it said; all of it within a time.
    ///
    /// # Errors
    /// Nobody there, or no such answer.
    pub async fn ask(&self, addresses: &Addresses, within: Duration) -> Result<(bool, String), NoAnswer> {
        let url = addresses.admin_url("/readyz");
        let url = url.parse::<Url>().map_err(|error| NoAnswer::because(format!("{url}: {error}")))?;
        let way = if url.scheme() == "https" { &self.secure } else { &self.plain };
        let (status, body) = answer(way, &url, LARGEST, within).await?;
        Ok((status.as_u16() == 200, String::from_utf8_lossy(&body).trim().to_owned()))
    }
}

/// Waits until all are ready.
pub(super) async fn wait(run: &RunFile) -> anyhow::Result<()> {
    let (asking, end) = (Asking::new(run.tls.as_ref())?, Instant::now() + READY_WITHIN);
    for (name, addresses) in &run.services {
        loop {
            let said = match asking.ask(addresses, end.saturating_duration_since(Instant::now())).await {
                Ok((true, _)) => break,
                Ok((false, body)) => body,
                Err(error) => error.to_string(),
            };
            if Instant::now() >= end {
                return Err(unavailable(
                    format!("{name} does not become ready: {said}"),
                    "run again with --log info and read what it says",
                ));
            }
            sleep(AGAIN).await;
        }
    }
    Ok(())
}
