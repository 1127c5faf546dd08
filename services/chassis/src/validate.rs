//! Checking a message before anything else looks at it.
//!
//! One validator per message collects everything that is wrong ([`Violations`]) and answers it all
//! at once: InvalidArgument, reason `BAD_FIELD`, a `BadRequest` naming each field. What passes is safe
//! to store: no NUL or other control characters (PostgreSQL refuses NUL, terminals obey the rest),
//! no unbounded text or list.

use std::fmt::Display;
use std::ops::RangeInclusive;

use huying_proto::head::Head;
use prost::{Message, Name};
use tonic::Code;
use uuid::Uuid;

use crate::auth::Caller;
use crate::log::Meta;
use crate::status::Problem;

/// What the message of every step names, well-formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The command's own id.
    pub request_id: Uuid,
    /// The aggregate.
    pub id: Uuid,
    /// The version of it that the step was decided on.
    pub version: i64,
}

impl Named {
    /// What comes with the command that `message` asks for.
    pub fn meta<M: Message + Name>(&self, caller: &Caller, message: &M) -> Meta {
        Meta::asked(caller, message, self.request_id, Some(self.version))
    }
}

/// What is wrong with one message.
#[derive(Debug, Default)]
pub struct Violations(Vec<(String, String)>);

impl Violations {
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that `field` is wrong. The description completes "this field …".
    pub fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.0.push((field.into(), description.into()));
    }

    /// Anything the other checks do not know.
    pub fn require(&mut self, field: &str, holds: bool, description: impl Display) {
        if !holds {
            self.add(field, description.to_string());
        }
    }

    /// Free text, counted in characters, since one Chinese character is one.
    pub fn text(&mut self, field: &str, text: &str, length: RangeInclusive<usize>) {
        // A text longer in bytes than four per character is too long without counting.
        let count =
            if text.len() > length.end().saturating_mul(4) { usize::MAX } else { text.chars().count() };
        if !length.contains(&count) {
            self.add(field, format!("must have {} characters", span(&length)));
        } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            self.add(field, "must not have control characters but line break and tab");
        }
    }

    /// An id someone else made up: `A-Z a-z 0-9 _ . : -`.
    pub fn token(&mut self, field: &str, text: &str, length: RangeInclusive<usize>) {
        let fits = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(&b));
        if !fits || !length.contains(&text.len()) {
            self.add(field, format!("must have {} letters, digits, '_', '.', ':' or '-'", span(&length)));
        }
    }

    /// A UUID that is not nil. Answers nil when it is wrong, which never gets past `finish`.
    pub fn uuid(&mut self, field: &str, text: &str) -> Uuid {
        match Uuid::try_parse(text) {
            Ok(id) if !id.is_nil() => id,
            Ok(_) | Err(_) => {
                self.add(field, "must be a UUID such as 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d");
                Uuid::nil()
            }
        }
    }

    /// How the message of every step begins.
    pub fn head(&mut self, message: &impl Head) -> Named {
        let named = Named {
            request_id: self.uuid("request_id", message.request_id()),
            id: self.uuid("id", message.id()),
            version: message.version(),
        };
        self.range("version", named.version, 1..=i64::MAX);
        named
    }

    /// Mainland mobile, landline or short number (12345, 110), or E.164 with a plus.
    pub fn phone(&mut self, field: &str, text: &str) {
        if !is_phone(text) {
            self.add(field, "must be a phone number: 13800138000, 027-82345678, 12345 or +8613800138000");
        }
    }

    /// Digits only, of one of the given lengths.
    pub fn digits(&mut self, field: &str, text: &str, lengths: &[usize]) {
        if !text.bytes().all(|b| b.is_ascii_digit()) || !lengths.contains(&text.len()) {
            let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
            self.add(field, format!("must have {} digits", lengths.join(" or ")));
        }
    }

    pub fn range<T: PartialOrd + Display>(&mut self, field: &str, value: T, range: RangeInclusive<T>) {
        if !range.contains(&value) {
            self.add(field, format!("must be from {} to {}", range.start(), range.end()));
        }
    }

    /// WGS 84 degrees. NaN is outside.
    pub fn coordinates(&mut self, field: &str, latitude: f64, longitude: f64) {
        if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
            self.add(field, "must be degrees: latitude from -90 to 90, longitude from -180 to 180");
        }
    }

    /// A known value of an enum that is not its zero; the caller gets it typed.
    pub fn enum_value<E: TryFrom<i32>>(&mut self, field: &str, value: i32) -> Option<E> {
        let known = if value == 0 { None } else { E::try_from(value).ok() };
        if known.is_none() {
            self.add(field, "must be one of the named values");
        }
        known
    }

    pub fn list_len(&mut self, field: &str, len: usize, length: RangeInclusive<usize>) {
        if !length.contains(&len) {
            self.add(field, format!("must have {} items", span(&length)));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields that are wrong, in the order in which they were found.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(field, _)| field.as_str())
    }

    /// Everything found, as one answer.
    pub fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.fields().take(8).collect();
        let message = format!("not as it should be: {}", names.join(", "));
        let problem = Problem::new(Code::InvalidArgument, "BAD_FIELD", message);
        Err(self.0.into_iter().fold(problem, |problem, (field, what)| problem.field(field, what)))
    }
}

fn span(length: &RangeInclusive<usize>) -> String {
    if length.start() == length.end() {
        return length.start().to_string();
    }
    format!("{} to {}", length.start(), length.end())
}

/// Hyphens may stand between digits, as people write them.
fn is_phone(text: &str) -> bool {
    if text.len() > 24 || text.starts_with('-') || text.ends_with('-') || text.contains("--") {
        return false;
    }
    let bare: String = text.chars().filter(|c| *c != '-').collect();
    let (number, international) = bare.strip_prefix('+').map_or((bare.as_str(), false), |rest| (rest, true));
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    match (international, number.len()) {
        (true, 7..=15) => !number.starts_with('0'),
        // A mobile number: 1, then 3 to 9.
        (false, 11) if number.starts_with('1') => number.as_bytes().get(1).is_some_and(|b| *b >= b'3'),
        // A landline with its area code, or a local one; a short number.
        (false, 10..=12) => number.starts_with('0'),
        (false, 7 | 8) => !number.starts_with('0'),
        (false, 3..=6) => number.starts_with('1') || number.starts_with('9'),
        _ => false,
    }
}
