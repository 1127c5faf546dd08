//! A model as bytes. Little end first:
//!
//! | what | how many | of what |
//! |---|---|---|
//! | `HYLEARN` and the form's number, 1 | 8 | bytes |
//! | examples | 1 | u32 |
//! | macro F1, sureness | 2 | f32 |
//! | labels, known numbers, weights | 3 | u32 |
//! | each label: its length, its UTF-8 | | u8, bytes |
//! | steps, then biases | labels each | f32 |
//! | keys, ascending | known numbers | u32 |
//! | worths; then how many weights each has | known numbers each | u16 |
//! | whose each weight is | weights | u16 |
//! | weights in steps | weights | i8 |
//! | SHA-256 of all before | 32 | bytes |
//!
//! Guaranteed of reading: no bytes make it panic, and no more memory is taken than a few times their number, which is bounded.

use sha2::{Digest as _, Sha256};

use crate::{
    Model,
    model::{LABELS, LARGEST},
    vocabulary::{KNOWN, Vocabulary},
};

/// The first bytes: what it is, and the number of its form.
const MAGIC: &[u8; 8] = b"HYLEARN\x01";
const CHECKSUM: usize = 32;

/// Why bytes are no model.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("it has {0} bytes: a model has at most {LARGEST}")]
    TooLarge(usize),
    #[error("it does not begin as a model of this form does: train it with this version of huying")]
    NoModel,
    #[error("its checksum is wrong: it was cut short or changed on the way")]
    Changed,
    #[error("its {0} do not fit together")]
    Broken(&'static str),
}

impl Model {
    /// The model's bytes; at most 8 MiB.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.examples.to_le_bytes());
        bytes.extend([self.macro_f1, self.sureness].into_iter().flat_map(f32::to_le_bytes));
        let counts = [self.labels.len(), self.vocabulary.keys.len(), self.weights.len()];
        bytes.extend(counts.into_iter().flat_map(|count| (count as u32).to_le_bytes()));
        for label in &self.labels {
            bytes.push(label.len() as u8);
            bytes.extend(label.as_bytes());
        }
        bytes.extend(self.step.iter().chain(&self.bias).flat_map(|value| value.to_le_bytes()));
        bytes.extend(self.vocabulary.keys.iter().flat_map(|key| key.to_le_bytes()));
        bytes.extend(self.vocabulary.worth.iter().flat_map(|worth| worth.to_le_bytes()));
        let lengths = self.rows.windows(2).map(|row| (row[1] - row[0]) as u16);
        bytes.extend(lengths.flat_map(u16::to_le_bytes));
        bytes.extend(self.weights.iter().flat_map(|(label, _)| label.to_le_bytes()));
        bytes.extend(self.weights.iter().flat_map(|(_, steps)| steps.to_le_bytes()));
        let checksum = Sha256::digest(&bytes);
        bytes.extend(checksum);
        bytes
    }

    /// Reads a model that anybody may have written.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > LARGEST {
            return Err(Unreadable::TooLarge(bytes.len()));
        }
        if !bytes.starts_with(MAGIC) {
            return Err(Unreadable::NoModel);
        }
        let (body, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(Unreadable::Changed)?;
        if Sha256::digest(body)[..] != checksum[..] {
            return Err(Unreadable::Changed);
        }
        Reader { left: body.get(MAGIC.len()..).unwrap_or_default() }.model()
    }

    /// Tells models apart: the first twelve hexadecimal digits of the checksum that ends a model's bytes.
    pub fn version(bytes: &[u8]) -> String {
        let checksum = bytes.last_chunk::<CHECKSUM>().map_or(&[][..], |it| &it[..6]);
        checksum.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

struct Reader<'a> {
    left: &'a [u8],
}

impl Reader<'_> {
    fn model(mut self) -> Result<Model, Unreadable> {
        let examples = u32::from_le_bytes(self.one()?);
        let [macro_f1, sureness] = self.measures(2)?[..] else { return Err(Unreadable::Broken("measures")) };
        if sureness <= 0.0 {
            return Err(Unreadable::Broken("measures"));
        }
        let counts: Vec<usize> = self.many(3, |it| u32::from_le_bytes(it) as usize)?;
        let [count, known, weights] = counts[..] else { return Err(Unreadable::Broken("counts")) };
        if !(2..=LABELS).contains(&count) || known > KNOWN {
            return Err(Unreadable::Broken("counts"));
        }
        let labels: Vec<String> = (0..count).map(|_| self.label()).collect::<Result<_, _>>()?;
        if !labels.is_sorted_by(|one, next| one < next) {
            return Err(Unreadable::Broken("labels"));
        }
        let (step, bias) = (self.measures(count)?, self.measures(count)?);
        let keys = self.many(known, u32::from_le_bytes)?;
        if !keys.is_sorted_by(|one, next| one < next) {
            return Err(Unreadable::Broken("numbers"));
        }
        let worth = self.many(known, u16::from_le_bytes)?;
        let mut rows = vec![0u32];
        for length in self.many(known, u16::from_le_bytes)? {
            rows.push(rows.last().map_or(0, |end: &u32| end.saturating_add(u32::from(length))));
        }
        let of = self.many(weights, u16::from_le_bytes)?;
        let steps = self.many(weights, i8::from_le_bytes)?;
        let fit = rows.last().is_some_and(|end| *end as usize == of.len()) && !worth.contains(&0);
        if !fit || of.iter().any(|label| usize::from(*label) >= count) || !self.left.is_empty() {
            return Err(Unreadable::Broken("weights"));
        }
        let weights = of.into_iter().zip(steps).collect();
        let vocabulary = Vocabulary::new(keys, worth);
        Ok(Model { labels, vocabulary, rows, weights, step, bias, sureness, examples, macro_f1 })
    }

    /// So many bytes, if there are.
    fn take(&mut self, length: usize) -> Result<&[u8], Unreadable> {
        let (taken, left) = self.left.split_at_checked(length).ok_or(Unreadable::Broken("lengths"))?;
        self.left = left;
        Ok(taken)
    }

    fn one<const N: usize>(&mut self) -> Result<[u8; N], Unreadable> {
        self.take(N)?.try_into().map_err(|_| Unreadable::Broken("lengths"))
    }

    /// Nothing is allocated before the bytes are known to be there.
    fn many<T, const N: usize>(
        &mut self,
        count: usize,
        read: fn([u8; N]) -> T,
    ) -> Result<Vec<T>, Unreadable> {
        let bytes = self.take(count.saturating_mul(N))?;
        Ok(bytes.as_chunks::<N>().0.iter().map(|chunk| read(*chunk)).collect())
    }

    fn measures(&mut self, count: usize) -> Result<Vec<f32>, Unreadable> {
        let measures = self.many(count, f32::from_le_bytes)?;
        let sound = measures.iter().all(|it| it.is_finite() && it.abs() < 1e6);
        if sound { Ok(measures) } else { Err(Unreadable::Broken("measures")) }
    }

    fn label(&mut self) -> Result<String, Unreadable> {
        let [length] = self.one()?;
        let label =
            std::str::from_utf8(self.take(usize::from(length))?).map_err(|_| Unreadable::Broken("labels"))?;
        if label.is_empty() { Err(Unreadable::Broken("labels")) } else { Ok(label.to_owned()) }
    }
}
