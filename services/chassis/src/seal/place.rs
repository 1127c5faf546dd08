//! What was sealed, as it is kept, and where it belongs.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{DataKey, SealError};

/// The form below.
const VERSION: u8 = 1;

/// Where something sealed belongs: it opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Of the aggregate.
    pub kind: &'static str,
    pub id: Uuid,
    /// Which of its fields.
    pub field: &'static str,
}

impl Place {
    /// What is authenticated with it.
    fn words(&self) -> String {
        format!("{}\n{}\n{}", self.kind, self.id, self.field)
    }
}

/// A ciphertext. Kept for ever in rows and entries: only add.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    #[serde(rename = "v")]
    version: u8,
    /// The data key's id, in the table of keys.
    pub key: Uuid,
    /// Base64.
    nonce: String,
    ciphertext: String,
}

impl Sealed {
    pub(super) fn new<T: Serialize>(
        (id, key): (Uuid, &DataKey),
        place: Place,
        what: &T,
    ) -> Result<Self, SealError> {
        let text = zeroize::Zeroizing::new(serde_json::to_vec(what).map_err(|_| SealError::Broken)?);
        let (nonce, ciphertext) = key.seal(&place.words(), &text)?;
        let (nonce, ciphertext) = (BASE64_STANDARD.encode(nonce), BASE64_STANDARD.encode(ciphertext));
        Ok(Self { version: VERSION, key: id, nonce, ciphertext })
    }

    pub(super) fn open<T: DeserializeOwned>(&self, key: &DataKey, place: Place) -> Result<T, SealError> {
        if self.version != VERSION {
            return Err(SealError::Broken);
        }
        let bytes = |text: &str| BASE64_STANDARD.decode(text).map_err(|_| SealError::Broken);
        let text = key.open(&place.words(), &bytes(&self.nonce)?, &bytes(&self.ciphertext)?)?;
        serde_json::from_slice(&text).map_err(|_| SealError::Broken)
    }
}

/// A ciphertext is no secret, and nobody wants to read it.
impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[sealed by {}]", self.key)
    }
}
