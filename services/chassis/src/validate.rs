//! Checking a message before anything else looks at it.
//!
//! One validator per message collects everything that is wrong ([`Violations`]) and answers it all
//! at once: InvalidArgument, reason `BAD_FIELD`, a `BadRequest` naming each field. What passes is safe
//! to store: no NUL or other control characters (PostgreSQL refuses NUL, terminals obey the rest), nothing hidden (of format, of direction,
//! of lines: see `huying_words`), no unbounded text or list.
//!
//! Text is of two kinds, [`words`](Violations::text) and a [`line`](Violations::line). What staff, a platform's own record or a profile says
//! is refused when it holds what a text may not: whoever sends it can mend it. What somebody asked is made fit instead
//! ([`Violations::heard`]): a door never loses a call.

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
pub struct Violations {
    found: Vec<(String, String)>,
    /// Its texts are made fit, not refused.
    heard: bool,
}

impl Violations {
    pub fn new() -> Self {
        Self::default()
    }

    /// Of a message that brings what somebody asked or answered, who will not be asked again.
    pub fn heard() -> Self {
        Self { heard: true, ..Self::default() }
    }

    /// Says that `field` is wrong. The description completes "this field …".
    pub fn add(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.found.push((field.into(), description.into()));
    }

    /// Anything the other checks do not know.
    pub fn require(&mut self, field: &str, holds: bool, description: impl Display) {
        if !holds {
            self.add(field, description.to_string());
        }
    }

    /// Words of somebody, as they are kept: [`huying_words::clean`], counted in characters, since one Chinese character is one. Where at least
    /// one is asked for, they must say something.
    #[must_use = "what is kept is what it gives back"]
    pub fn text(&mut self, field: &str, text: &str, length: RangeInclusive<usize>) -> String {
        let kept = huying_words::clean(text).into_owned();
        if self.fits(field, huying_words::unfit(text)) { self.kept(field, kept, length) } else { kept }
    }

    /// The same in one line, such as a name or an address.
    #[must_use = "what is kept is what it gives back"]
    pub fn line(&mut self, field: &str, text: &str, length: RangeInclusive<usize>) -> String {
        let kept = huying_words::one_line(text);
        if self.fits(field, huying_words::unfit_line(text.trim())) {
            self.kept(field, kept, length)
        } else {
            kept
        }
    }

    /// Whether it may be kept as it is, or is made fit; what may not is told, once.
    fn fits(&mut self, field: &str, unfit: Option<(usize, char)>) -> bool {
        let Some((place, c)) = unfit.filter(|_| !self.heard) else { return true };
        let code = u32::from(c);
        self.add(field, format!("must hold nothing that is not seen: its character {place} is U+{code:04X}"));
        false
    }

    fn kept(&mut self, field: &str, kept: String, length: RangeInclusive<usize>) -> String {
        let count = kept.chars().count();
        if *length.start() > 0 && huying_words::is_blank(&kept) {
            self.add(field, format!("must say something, in {} characters", span(&length)));
        } else if !length.contains(&count) {
            self.add(field, format!("must have {} characters, and has {count}", span(&length)));
        }
        kept
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
        self.found.is_empty()
    }

    /// The fields that are wrong, in the order in which they were found.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(|(field, _)| field.as_str())
    }

    /// Everything found, as one answer.
    pub fn finish(self) -> Result<(), Problem> {
        if self.found.is_empty() {
            return Ok(());
        }
        let names: Vec<&str> = self.fields().take(8).collect();
        let message = format!("not as it should be: {}", names.join(", "));
        let problem = Problem::new(Code::InvalidArgument, "BAD_FIELD", message);
        Err(self.found.into_iter().fold(problem, |problem, (field, what)| problem.field(field, what)))
    }
}

fn span(length: &RangeInclusive<usize>) -> String {
    if length.start() == length.end() {
        return length.start().to_string();
    }
    format!("{} to {}", length.start(), length.end())
}
