//! Texts that people send, made ready: for keeping ([`clean`], [`one_line`], [`is_blank`]; [`unfit`] where they are refused), for finding words in them ([`normal`]) and for
//! calling back ([`phone`]), for telling what may be the same ([`alike`]), for a spreadsheet ([`csv_cell`]), for a screen or a log ([`shown`]),
//! for whoever need not know whose it is ([`masked_name`], [`masked_phone`]).
//!
//! What is kept is the text as received, without what no screen shows. What is searched is its normal form, in which the many ways to write
//! one thing are alike. Words that are looked for are brought into the same form, so each side of a comparison goes through [`normal`] once.
//!
//! Guaranteed: no I/O, and no panic for any text. The normal form of a normal form is itself. A text grows to at most 18 times its characters,
//! which is what Unicode's compatibility forms may come to; Chinese text does not grow.

pub mod alike;
mod cell;
mod clean;
mod hidden;
mod masked;
mod normal;
pub mod phone;
mod shown;
mod simplified;

pub use cell::{LONGEST_CELL, csv_cell};
pub use clean::{clean, is_blank, is_unseen, one_line, unfit, unfit_line};
pub use hidden::is_hidden;
pub use masked::{masked_name, masked_phone};
pub use normal::normal;
pub use shown::{bounded, set_in, shown, shown_json, shown_lines};
