//! Logging in to NATS in the way that the settings say, over TLS where they name whom to trust.

use std::path::Path;

use anyhow::Context;
use async_nats::ConnectOptions;

use super::NatsAddress;
use crate::{
    config::NatsConfig,
    secret::{self, Secret},
};

impl NatsAddress {
    /// Options that log in, and trust whom the settings say. Its files are read now.
    ///
    /// # Errors
    /// A file that cannot be read, or that does not hold what it should. What it holds is not shown.
    pub fn options_with(&self, nats: &NatsConfig) -> anyhow::Result<ConnectOptions> {
        let mut options = self.options();
        if let Some(path) = &nats.key_file {
            let seed = secret(path)?;
            // The client would find that out anew at each try, and say it to nobody.
            let read = nkeys::KeyPair::from_seed(seed.expose());
            anyhow::ensure!(read.is_ok(), "{} holds no seed of an nkey", path.display());
            options = options.nkey(seed.expose().clone());
        }
        if let Some(path) = &nats.credentials_file {
            let unfit = || format!("{} holds no credentials of NATS", path.display());
            // The client takes a mark only with the end of its line.
            let text = Secret::from(format!("{}\n", secret(path)?.expose()));
            options = options.credentials(text.expose()).with_context(unfit)?;
        }
        if let (Some(user), Some(path)) = (&nats.user, &nats.password_file) {
            options = options.user_and_password(user.clone(), secret(path)?.expose().clone());
        }
        if let Some(path) = &nats.ca_file {
            readable(path)?;
            options = options.add_root_certificates(path.clone()).require_tls(true);
        }
        if let (Some(certificate), Some(key)) = (&nats.certificate_file, &nats.certificate_key_file) {
            readable(certificate)?;
            readable(key)?;
            options = options.add_client_certificate(certificate.clone(), key.clone()).require_tls(true);
        }
        Ok(options)
    }
}

fn secret(path: &Path) -> anyhow::Result<Secret<String>> {
    secret::read(path).map_err(|what| anyhow::anyhow!("{} {what}", path.display()))
}

/// The client reads it when it connects, again and again: what is missing is said once, here.
fn readable(path: &Path) -> anyhow::Result<()> {
    std::fs::File::open(path).map(drop).with_context(|| format!("{} cannot be read", path.display()))
}
