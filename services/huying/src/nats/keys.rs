//! A user's key: the seed in a file that only its owner reads, made up where there is none.

use std::path::Path;

use anyhow::Context;
use huying_chassis::secret;
use nkeys::KeyPair;

/// The public half of the key in a file.
pub(super) fn public(path: &Path) -> anyhow::Result<String> {
    if !path.exists() {
        let seed = KeyPair::new_user().seed().map_err(|_| anyhow::anyhow!("a new key has no seed"))?;
        let unwritten = || format!("{} cannot be written", path.display());
        secret::create(path, &format!("{seed}\n")).with_context(unwritten)?;
    }
    let seed = secret::read(path).map_err(|what| anyhow::anyhow!("{} {what}", path.display()))?;
    // What is wrong with it may show some of it.
    let pair = KeyPair::from_seed(seed.expose().trim())
        .map_err(|_| anyhow::anyhow!("{} holds no seed of an nkey", path.display()))?;
    Ok(pair.public_key())
}
