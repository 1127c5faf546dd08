//! Common issues: which requests are about one matter at one place, and how many people stand behind each.
//!
//! Pure: no I/O, no clock, no randomness. The same messages make the same topics, in whatever order they come.
//!
//! A tour, in the order of a message's way:
//!
//! - [`cut`]: a title and the head of a text become words (jieba, in the normal form of huying-words).
//! - [`lexicon`]: words get numbers; two that nearly always stand together become one (names that no dictionary has), and a long word also
//!   counts as the shorter ones within it.
//! - [`places`]: the names of places in a message, told by what they end in, and its district.
//! - [`weights`]: a message becomes a vector: rare words weigh more, a title's words, being few, more than a text's. How rare a word is, is counted in
//!   people, so nobody makes a word common or a topic hot alone.
//! - [`near`]: for each message the most alike ones, by an inverted index with bounded lists.
//! - [`group`]: messages join into groups in two steps: what is alike on average, then what is typical for a larger group. Agreeing in one
//!   thing alone (the same estate, or the same complaint) is never enough, and places that differ hold apart.
//! - [`tell`]: what a topic is called, whom it concerns, and in which order topics stand.

mod cut;
mod group;
mod lexicon;
mod near;
mod places;
mod tell;
mod vector;
mod weights;

pub use tell::{RECENT_DAYS, Topic, WORDS};

/// Most messages that are looked at together; whoever has more takes a shorter period.
pub const MESSAGES: usize = 200_000;

/// What somebody sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message<'a> {
    /// When it was sent, in seconds.
    pub time: i64,
    /// Who sent it. Those of whom that is not known count as one person.
    pub user: &'a str,
    /// Its title, or nothing; read are the first 100 characters.
    pub topic: &'a str,
    /// What it says; read are the first 400 characters.
    pub text: &'a str,
    /// Code or name of the area it lies in, or nothing.
    pub area: &'a str,
}

/// How often [`topics`] tells that it has come further.
pub fn steps(messages: &[Message<'_>]) -> usize {
    3 * messages.len().min(MESSAGES)
}

/// The topics of two or more messages, hottest first. Of more than [`MESSAGES`] messages the latest are looked at. `passed` is called
/// [`steps`] times.
pub fn topics(messages: &[Message<'_>], passed: &dyn Fn()) -> Vec<Topic> {
    // One order for all, whatever order they came in.
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|at| messages[*at]);
    order.drain(..order.len().saturating_sub(MESSAGES));
    let sorted: Vec<Message<'_>> = order.iter().map(|at| messages[*at]).collect();

    let users = Users::of(&sorted);
    let mut lexicon = lexicon::Lexicon::default();
    let mut texts: Vec<lexicon::Text> = sorted
        .iter()
        .map(|message| {
            passed();
            lexicon.read(message)
        })
        .collect();
    lexicon.join(&mut texts, &users);
    let places = places::Places::of(&lexicon, &texts, &sorted, &users);
    let weights = weights::Weights::of(&mut lexicon, &texts, &sorted, &users);
    drop(texts);
    let near = near::nearest(&weights.vectors, lexicon.len(), passed);
    let times: Vec<i64> = sorted.iter().map(|message| message.time).collect();
    let groups = group::groups(&lexicon, &weights, &places, &times, near, passed);
    let told = tell::Teller {
        lexicon: &lexicon,
        weights: &weights,
        places: &places,
        messages: &sorted,
        users: &users,
    };
    let mut topics = told.topics(groups);
    for topic in &mut topics {
        topic.members.iter_mut().for_each(|member| *member = order[*member]);
    }
    topics
}

/// Who sent what.
struct Users {
    /// Of each message, the number of its person.
    of: Vec<u32>,
    /// Messages, those of one person together.
    by_person: Vec<usize>,
    count: usize,
}

impl Users {
    fn of(messages: &[Message<'_>]) -> Self {
        let mut by_person: Vec<usize> = (0..messages.len()).collect();
        by_person.sort_by_key(|at| messages[*at].user);
        let (mut of, mut count) = (vec![0; messages.len()], 0);
        for one in by_person.chunk_by(|one, next| messages[*one].user == messages[*next].user) {
            one.iter().for_each(|at| of[*at] = count as u32);
            count += 1;
        }
        Self { of, by_person, count }
    }
}
