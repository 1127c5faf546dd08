//! Tags of HTML and SVG. Every text and every attribute goes through [`escaped`], and a tag that was opened is closed, so whatever is built
//! from these is well-formed.

use std::fmt::{self, Display, Write as _};

use crate::fit;

/// What has no end in HTML.
const VOID: [&str; 1] = ["meta"];

/// A tag with its attributes and all that is in it.
#[derive(Clone, Debug)]
pub struct Tag {
    name: &'static str,
    attributes: String,
    inside: String,
}

/// Begins a tag.
pub fn tag(name: &'static str) -> Tag {
    Tag { name, attributes: String::new(), inside: String::new() }
}

impl Tag {
    pub fn set(mut self, name: &'static str, value: impl Display) -> Self {
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
        self.attributes.push_str(&escaped(&value.to_string()));
        self.attributes.push('"');
        self
    }

    /// A coordinate or a length.
    pub fn at(self, name: &'static str, value: f64) -> Self {
        self.set(name, place(value))
    }

    pub fn class(self, name: &'static str) -> Self {
        self.set("class", name)
    }

    pub fn text(mut self, text: impl AsRef<str>) -> Self {
        self.inside.push_str(&escaped(text.as_ref()));
        self
    }

    /// What stands in the source, as it is: a style.
    pub fn raw(mut self, text: &'static str) -> Self {
        self.inside.push_str(text);
        self
    }

    pub fn with(self, child: Tag) -> Self {
        self.all([child])
    }

    pub fn all(mut self, children: impl IntoIterator<Item = Tag>) -> Self {
        for child in children {
            child.write(&mut self.inside);
        }
        self
    }

    fn write(&self, to: &mut String) {
        to.push('<');
        to.push_str(self.name);
        to.push_str(&self.attributes);
        if VOID.contains(&self.name) {
            to.push_str("/>");
            return;
        }
        to.push('>');
        to.push_str(&self.inside);
        to.push_str("</");
        to.push_str(self.name);
        to.push('>');
    }
}

impl Display for Tag {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        to.write_str(&text)
    }
}

/// A text in which nothing is a mark, nor turns the direction of what follows.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in fit::seen(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// A coordinate, to a tenth.
pub fn place(value: f64) -> String {
    let value = if value.is_finite() { (value * 10.0).round() / 10.0 } else { 0.0 };
    let mut text = String::new();
    // Writing to a string does not fail. −0 is 0.
    let _ = write!(text, "{}", value + 0.0);
    text
}
