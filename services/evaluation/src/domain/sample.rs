//! Who is asked about an attempt at a case of several requests: drawn by their ids and by the event that says the case is resolved, so that
//! the same are drawn whenever and in whatever order it is done, and nobody knows before who will be.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::rules::CallbackRules;

/// The requests whose reporters are asked: at least one, since else nothing would judge the case.
pub fn drawn(event: Uuid, requests: &[Uuid], rules: &CallbackRules) -> BTreeSet<Uuid> {
    let lot = |request: &Uuid| {
        let hash = Sha256::new().chain_update(event).chain_update(request);
        (<[u8; 32]>::from(hash.finalize()), *request)
    };
    let lots: BTreeSet<_> = requests.iter().map(lot).collect();
    let most = usize::try_from(rules.most).unwrap_or(usize::MAX);
    // A whole number of people for any share that may be written: 0.1 of 30 is 3, however the product is rounded.
    let share = (rules.sample_share * lots.len() as f64 - 1e-6).ceil().max(0.0) as usize;
    lots.into_iter().take(share.min(most).max(1)).map(|(_, request)| request).collect()
}
