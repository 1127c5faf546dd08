//! One anchor as it is written: a line of JSON with what is signed, byte for byte, the signature, and beside it a digest of each entry,
//! from which the root follows. So whoever finds a root that the log does not give can say which entry it is.

use std::{fmt, path::Path, str::FromStr};

use anyhow::Context;
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use chrono::{DateTime, Utc};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest, Sha256};

use crate::{
    auth::signing_key,
    log::{Hash, Position, read::Sealed},
};

/// Bytes of an entry's digest that are kept.
pub(super) const LEAF: usize = 16;

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    pub service: String,
    /// Ascending, from 1; a gap where the database went back, or a row of the table had the number already.
    pub number: i64,
    /// By the database's clock.
    pub at: DateTime<Utc>,
    /// The entries after this position,
    #[serde(with = "text")]
    pub after: Position,
    /// up to this one,
    #[serde(with = "text")]
    pub until: Position,
    /// so many.
    pub entries: i64,
    /// The root of the anchor before; of the first, zeros.
    pub before: String,
    /// SHA-256 of the root before and of the entries' digests, in hexadecimal.
    pub root: String,
}

/// An anchor with its signature.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    anchor: Box<RawValue>,
    /// Which key signed it.
    pub key: String,
    /// Ed25519, base64.
    pub signature: String,
    /// The digests, in the order of the log, base64. Not signed: the root follows from them. Left out in the stream.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    leaves: String,
}

/// Why a line is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("is no anchor")]
    Unreadable,
    #[error("is signed with another key, {0}")]
    OtherKey(String),
    #[error("is not as it was signed")]
    Forged,
    #[error("is of another service, {0}")]
    OtherService(String),
    #[error("is number {0} and stands at another one")]
    OtherNumber(i64),
}

/// Signs, and knows what it has signed.
pub struct Key {
    signing: SigningKey,
    public: VerifyingKey,
    id: String,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

/// The digest of an entry and of its place.
pub(super) fn leaf(entry: &Sealed) -> [u8; LEAF] {
    let Position { epoch, xid, seq } = entry.header.position;
    let digest = Sha256::new()
        .chain_update(epoch.to_be_bytes())
        .chain_update(xid.0.to_be_bytes())
        .chain_update(seq.to_be_bytes())
        .chain_update(entry.hash)
        .finalize();
    std::array::from_fn(|place| digest[place])
}

/// The root over digests, after another.
pub(super) fn root(before: &str, leaves: &[[u8; LEAF]]) -> String {
    let mut root = Sha256::new().chain_update(before);
    leaves.iter().for_each(|leaf| root.update(leaf));
    hex::encode(root.finalize())
}

/// The root before the first.
pub(super) fn none() -> String {
    hex::encode(Hash::default())
}

impl Key {
    /// # Errors
    /// A file that is no Ed25519 key in PKCS#8 PEM.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        let signing = signing_key(file).with_context(|| format!("the anchors' key {}", file.display()))?;
        let public = signing.verifying_key();
        let id = hex::encode(&Sha256::digest(public.as_bytes())[..8]);
        Ok(Self { signing, public, id })
    }

    pub fn sign(&self, anchor: &Anchor, leaves: &[[u8; LEAF]]) -> Result<Line, serde_json::Error> {
        let anchor = to_raw_value(anchor)?;
        let signature = self.signing.sign(anchor.get().as_bytes());
        Ok(Line {
            anchor,
            key: self.id.clone(),
            signature: BASE64_STANDARD_NO_PAD.encode(signature.to_bytes()),
            leaves: BASE64_STANDARD_NO_PAD.encode(leaves.as_flattened()),
        })
    }

    /// What a line says, where this key has signed it for this service.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn believe(&self, service: &str, line: &Line) -> Result<Anchor, Unfit> {
        if line.key != self.id {
            return Err(Unfit::OtherKey(line.key.chars().take(16).collect()));
        }
        let signature = BASE64_STANDARD_NO_PAD.decode(&line.signature).ok();
        let signature =
            signature.and_then(|bytes| Signature::from_slice(&bytes).ok()).ok_or(Unfit::Forged)?;
        self.public.verify(line.anchor.get().as_bytes(), &signature).map_err(|_| Unfit::Forged)?;
        let anchor = line.says().ok_or(Unfit::Unreadable)?;
        if anchor.service == service { Ok(anchor) } else { Err(Unfit::OtherService(anchor.service)) }
    }

    /// The same of a line that is still to be read.
    ///
    /// # Errors
    /// Why it is not believed.
    pub fn read(&self, service: &str, text: &str) -> Result<Anchor, Unfit> {
        self.believe(service, &Line::read(text)?)
    }

    /// The same of one that belongs at a number: an older one can be written again, at any other.
    ///
    /// # Errors
    /// Why it is not believed.
    pub(super) fn read_at(&self, service: &str, number: i64, text: &str) -> Result<Anchor, Unfit> {
        let anchor = self.read(service, text)?;
        if anchor.number == number { Ok(anchor) } else { Err(Unfit::OtherNumber(anchor.number)) }
    }
}

impl Line {
    /// # Errors
    /// It is no line of ours.
    pub fn read(text: &str) -> Result<Self, Unfit> {
        serde_json::from_str(text).map_err(|_| Unfit::Unreadable)
    }

    /// What it says, believed or not.
    pub fn says(&self) -> Option<Anchor> {
        serde_json::from_str(self.anchor.get()).ok()
    }

    /// The same without the entries' digests.
    #[must_use]
    pub fn bare(self) -> Self {
        Self { leaves: String::new(), ..self }
    }

    /// The entries' digests, where the anchor's root follows from them.
    pub(super) fn leaves(&self, anchor: &Anchor) -> Option<Vec<[u8; LEAF]>> {
        let bytes = BASE64_STANDARD_NO_PAD.decode(&self.leaves).ok()?;
        let (leaves, rest) = bytes.as_chunks::<LEAF>();
        (rest.is_empty() && root(&anchor.before, leaves) == anchor.root).then(|| leaves.to_vec())
    }
}

/// A position in the words it is kept in.
mod text {
    use super::{Deserialize, Deserializer, FromStr, Position, Serializer};
    use serde::de::Error as _;

    pub fn serialize<S: Serializer>(at: &Position, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(at)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Position, D::Error> {
        Position::from_str(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
