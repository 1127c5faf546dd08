//! What a request says: its title and its content, and nothing twice. Whoever reads a request, by rules or by what was learned, reads this.

use std::borrow::Cow;

use huying_learn::Message;
use huying_words::normal;

/// A title that was cut off ends so (… is three of them in normal form).
const CUT: [char; 2] = ['.', '。'];

/// Title and content, as received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said<'a> {
    /// Empty where the content begins with it: then it says nothing of its own.
    pub title: &'a str,
    pub content: &'a str,
}

impl<'a> Said<'a> {
    pub fn new(title: &'a str, content: &'a str) -> Self {
        let said_again = || normal(content).starts_with(normal(title).trim_end_matches(CUT));
        Self { title: if title.is_empty() || said_again() { "" } else { title }, content }
    }

    /// As one text: the title is its first line, where a word says most.
    pub fn text(&self) -> Cow<'a, str> {
        match self.title {
            "" => Cow::Borrowed(self.content),
            title => Cow::Owned(format!("{title}\n{}", self.content)),
        }
    }

    /// As a model is asked.
    pub fn message(&self) -> Message<'a> {
        Message { topic: self.title, text: self.content }
    }
}

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn the_title_is_the_first_line() {
        let said = Said::new("燃气泄漏", "详见录音");
        assert_eq!((said.text().as_ref(), said.title), ("燃气泄漏\n详见录音", "燃气泄漏"));
    }

    #[test]
    fn a_title_that_the_content_begins_with_is_not_said_twice() {
        for title in ["", " ", "路灯不亮", "路 燈不亮。", "路灯不亮，已经…", "路灯不亮,已经..."]
        {
            assert_eq!(Said::new(title, "路灯不亮，已经三天").text(), "路灯不亮，已经三天", "{title}");
        }
        assert_eq!(Said::new("已经三天", "路灯不亮，已经三天").title, "已经三天");
    }
}
