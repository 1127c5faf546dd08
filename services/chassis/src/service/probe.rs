//! Whether a running service is ready, asked of its own second port: for the probe of a container, which has neither curl nor a certificate.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use huying_http::{Way, answer};
use url::Url;

use crate::{config::Settings, exit::Unavailable};

const WITHIN: Duration = Duration::from_secs(3);
/// An answer is a line or two.
const LARGEST: usize = 16 * 1024;

/// Ends well when it is ready.
///
/// # Errors
/// It is not, and what is missing; or nobody answers.
pub async fn ask(settings: &Settings) -> anyhow::Result<()> {
    let (tls, at) = (&settings.tls, settings.admin_listen);
    // From here it is reached by its own name for itself, wherever else it listens.
    let host = match at.ip() {
        ip if ip.is_unspecified() || ip.is_loopback() => "localhost".to_owned(),
        ip if ip.is_ipv6() => format!("[{ip}]"),
        ip => ip.to_string(),
    };
    let (scheme, way) = match tls.covers_admin() {
        true => ("https", Way::secure(tls.ca_file.as_deref()).map_err(anyhow::Error::msg)?),
        false => ("http", Way::plain()),
    };
    let url: Url = format!("{scheme}://{host}:{}/readyz", at.port()).parse()?;
    let asked = answer(&way, &url, LARGEST, WITHIN).await.with_context(|| format!("{url}"));
    let (status, body) = asked.context(Unavailable("the service"))?;
    if status.as_u16() != 200 {
        return Err(anyhow!("{}", String::from_utf8_lossy(&body)).context(Unavailable("the service")));
    }
    Ok(())
}
