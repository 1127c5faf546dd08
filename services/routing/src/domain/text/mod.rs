//! A text as it is read: in its normal form, cut into clauses and sentences, and where each word stands in it and how it is meant.
//!
//! [`cues`] are the words that turn the meaning of others, [`standing`] is how they do. The text itself is kept as received.

mod cues;
mod standing;

use std::ops::Range;

use huying_words::normal;
use strum::IntoStaticStr;

use self::cues::{Cue, Turn};

pub use standing::Standing;

/// A first line of up to so many characters, with more lines below it, is a title.
const TITLE: usize = 80;
/// What ends a clause. 、 does not: it joins.
const CLAUSE_ENDS: [char; 12] = [',', '。', '!', '?', ';', ':', '(', ')', '\n', '~', '|', '.'];
/// What ends a sentence.
const SENTENCE_ENDS: [char; 6] = ['。', '!', '?', ';', '\n', '.'];
/// A clause that greets, or tells who is asking, is about nothing yet.
const ASIDES: &[&str] = &[
    "尊敬",
    "您好",
    "你好",
    "领导",
    "本人是",
    "本人系",
    "我是",
    "我们是",
    "我叫",
    "我系",
    "我爱人是",
    "我老公是",
    "我老婆是",
    "我家住",
    "我家在",
    "家住",
    "家在",
    "我住",
    "我们住",
    "作为",
    "大家好",
    "早上好",
    "下午好",
    "谢谢",
    "感谢",
    "希望领导",
];
/// A clause that ends so tells who is asking, or by which door.
const SAYS: [&str; 12] =
    ["说", "称", "反映", "反应", "来电", "致电", "来信", "求助", "咨询", "投诉", "网格员", "干部"];
/// A clause of nothing but these and figures is an address.
const ADDRESS: &str = "栋幢座弄单元楼层号室户门组村路街-#";
/// Right behind a word, or after one more character (垃圾堆旁), they make a landmark of it.
const LANDMARKS: [&str; 29] = [
    "旁", "门口", "对面", "附近", "后面", "前面", "隔壁", "边上", "周边", "周围", "背后", "路口", "东侧",
    "西侧", "南侧", "北侧", "东面", "西面", "南面", "北面", "以东", "以西", "以南", "以北", "东门", "西门",
    "南门", "北门", "斜对",
];

/// They say that it is so while it is written, or was a moment ago.
const NOW: [&str; 14] = [
    "现在",
    "刚才",
    "刚刚",
    "正在",
    "此刻",
    "这会儿",
    "目前还",
    "还在",
    "快来",
    "马上来",
    "赶紧来",
    "救命",
    "求救",
    "紧急",
];
/// Within so many characters of a word it is the word's.
const NOW_REACHES: usize = 16;

/// Where a word stands: the more telling the place, the more it says of what the text is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Place {
    /// Who is asking, a greeting, a landmark.
    Aside,
    /// Anywhere else.
    Body,
    /// The first clause that is about something.
    Opening,
    Title,
}

/// A clause of the normal form.
struct Clause {
    range: Range<usize>,
    sentence: usize,
    place: Place,
    /// What in it turns the meaning of other words, in order.
    turns: Vec<Turn>,
}

/// A text, read.
pub struct Text {
    normal: String,
    clauses: Vec<Clause>,
}

impl Text {
    pub fn new(text: &str) -> Self {
        let normal = normal(text);
        let titled = normal.split_once('\n').is_some_and(|(first, _)| first.chars().count() <= TITLE);
        let mut clauses: Vec<Clause> = Vec::new();
        let (mut start, mut sentence, mut line, mut opened) = (0, 0, 0, false);
        let ends = normal.char_indices().filter(|(_, c)| CLAUSE_ENDS.contains(c));
        for (end, c) in ends.chain([(normal.len(), '\n')]) {
            let clause = normal.get(start..end).unwrap_or_default();
            if !clause.is_empty() {
                let place = match () {
                    () if titled && line == 0 => Place::Title,
                    () if is_aside(clause) => Place::Aside,
                    () if opened => Place::Body,
                    () => Place::Opening,
                };
                let turns = cues::turns(&normal, start..end);
                let says_what = clause.chars().nth(3).is_some() && !denies(&turns, start);
                opened |= place == Place::Opening && says_what;
                clauses.push(Clause { range: start..end, sentence, place, turns });
            }
            sentence += usize::from(SENTENCE_ENDS.contains(&c));
            line += usize::from(c == '\n');
            start = end + c.len_utf8();
        }
        Self { normal, clauses }
    }

    /// The form in which words are looked for.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// How many characters it has in its normal form.
    pub fn length(&self) -> usize {
        self.normal.chars().count()
    }

    /// How many sentences the title has.
    pub fn titles(&self) -> usize {
        let last = self.clauses.iter().rev().find(|clause| clause.place == Place::Title);
        last.map_or(0, |clause| clause.sentence + 1)
    }

    /// The sentence that a place in the normal form lies in.
    pub fn sentence(&self, at: usize) -> usize {
        self.clause(at).map_or(0, |clause| clause.sentence)
    }

    /// Whether both lie in one clause, with at most so many characters between them.
    pub fn is_near(&self, end: usize, start: usize, most: usize) -> bool {
        let together = self.clause_at(end.saturating_sub(1)) == self.clause_at(start);
        together && self.between(end, start).is_some_and(|gap| gap.chars().count() <= most)
    }

    /// Whether the sentence says near a word that it is so now: 电梯刚才停了，我父亲被困.
    pub fn is_now(&self, word: &Range<usize>) -> bool {
        let near = |c: &(usize, char)| !SENTENCE_ENDS.contains(&c.1);
        let before = self.normal.get(..word.start).unwrap_or_default();
        let from = before.char_indices().rev().take_while(near).take(NOW_REACHES).last();
        let before = from.and_then(|(at, _)| before.get(at..)).unwrap_or_default();
        let behind = self.normal.get(word.end..).unwrap_or_default();
        let to = behind.char_indices().take_while(near).take(NOW_REACHES).last();
        let behind = to.and_then(|(at, c)| behind.get(..at + c.len_utf8())).unwrap_or_default();
        NOW.iter().any(|now| before.contains(now) || behind.contains(now))
    }

    /// How telling a word's place is.
    pub fn place(&self, word: &Range<usize>) -> Place {
        let Some(clause) = self.clause(word.start) else { return Place::Body };
        let after = self.normal.get(word.end..clause.range.end).unwrap_or_default();
        let next = after.get(after.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default();
        if LANDMARKS.iter().any(|it| after.starts_with(it) || next.starts_with(it)) {
            return Place::Aside;
        }
        clause.place
    }

    fn between(&self, end: usize, start: usize) -> Option<&str> {
        self.normal.get(end..start)
    }

    fn clause(&self, at: usize) -> Option<&Clause> {
        self.clauses.get(self.clause_at(at))
    }

    fn clause_at(&self, at: usize) -> usize {
        self.clauses.partition_point(|clause| clause.range.end <= at)
    }
}

/// Whether a clause greets, tells who is asking, or where they live.
fn is_aside(clause: &str) -> bool {
    let address = |c: char| c.is_ascii_alphanumeric() || ADDRESS.contains(c);
    ASIDES.iter().any(|it| clause.starts_with(it))
        || SAYS.iter().any(|it| clause.ends_with(it))
        || clause.chars().all(address)
}

/// Whether a clause that begins there says what the matter is not: what it is comes next.
fn denies(turns: &[Turn], start: usize) -> bool {
    turns.iter().any(|turn| match turn.cue {
        Cue::Denied | Cue::Fine => true,
        Cue::Absent => turn.range.start == start,
        Cue::Nothing | Cue::Supposed | Cue::But | Cue::Settled | Cue::Mended | Cue::Done => false,
        Cue::Taught | Cue::Played | Cue::Said | Cue::Again => false,
    })
}
