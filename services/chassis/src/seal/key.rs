//! One key, and what is done with it: AES-256-GCM with a random nonce.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use super::SealError;

/// Bytes of a key.
pub(super) const KEY: usize = 32;

/// A key of AES-256-GCM. It is shown to nobody, and wiped from memory when it goes.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; KEY]>);

impl DataKey {
    pub fn random() -> Self {
        Self(Zeroizing::new(rand::random()))
    }

    /// The key that these bytes are; none: there are more or fewer.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Nonce and ciphertext of a text, whose place must be said again to open it.
    ///
    /// # Errors
    /// The text is longer than the cipher takes.
    pub(super) fn seal(&self, place: &str, text: &[u8]) -> Result<([u8; NONCE_LEN], Vec<u8>), SealError> {
        // A key seals a few texts in its life: random nonces never meet.
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut sealed = text.to_vec();
        self.cipher()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut sealed)
            .map_err(|_| SealError::Broken)?;
        Ok((nonce, sealed))
    }

    /// The text of a ciphertext.
    ///
    /// # Errors
    /// [`SealError::Broken`]: it was not sealed by this key at this place, or was changed since.
    pub(super) fn open(
        &self,
        place: &str,
        nonce: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Broken)?;
        let mut text = Zeroizing::new(sealed.to_vec());
        let opened = self.cipher()?.open_in_place(nonce, Aad::from(place), text.as_mut_slice());
        let length = opened.map_err(|_| SealError::Broken)?.len();
        text.truncate(length);
        Ok(text)
    }

    fn cipher(&self) -> Result<LessSafeKey, SealError> {
        let key = UnboundKey::new(&AES_256_GCM, self.bytes()).map_err(|_| SealError::Broken)?;
        Ok(LessSafeKey::new(key))
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_what_it_sealed_there_and_nothing_else() {
        let key = DataKey::random();
        let (nonce, sealed) = key.seal("here", b"13800138000").unwrap();
        assert_eq!(key.open("here", &nonce, &sealed).unwrap().as_slice(), b"13800138000");
        let mut changed = sealed.clone();
        changed[0] ^= 1;
        for (key, place, nonce, sealed) in [
            (&key, "there", nonce.as_slice(), &sealed),
            (&DataKey::random(), "here", nonce.as_slice(), &sealed),
            (&key, "here", [0; NONCE_LEN].as_slice(), &sealed),
            (&key, "here", [0; 3].as_slice(), &sealed),
            (&key, "here", nonce.as_slice(), &changed),
            (&key, "here", nonce.as_slice(), &Vec::new()),
        ] {
            assert!(matches!(key.open(place, nonce, sealed), Err(SealError::Broken)));
        }
    }

    #[test]
    fn attack_72_a_key_is_not_shown() {
        assert_eq!(format!("{:?}", DataKey::of(&[7; KEY]).unwrap()), "[redacted]");
        assert!(DataKey::of(&[7; KEY - 1]).is_none());
    }
}
