//! JSON lines: one object a line, each with its number, none longer than is sound.

use std::io::{self, BufRead as _, BufReader, Read};

use serde::de::DeserializeOwned;

/// Most bytes of a line.
const LONGEST: u64 = 1 << 20;

/// A file's lines, one after the other.
pub struct Lines<R> {
    read: BufReader<R>,
    line: Vec<u8>,
    /// Of the line read last, from 1.
    pub number: usize,
}

impl<R: Read> Lines<R> {
    pub fn new(read: R) -> Self {
        Self { read: BufReader::with_capacity(1 << 16, read), line: Vec::new(), number: 0 }
    }

    /// The next line's object, or in words what is wrong with the line; lines with nothing on them are passed over. None: there are no
    /// more.
    ///
    /// # Errors
    /// It cannot be read any further.
    pub fn next<T: DeserializeOwned>(&mut self) -> io::Result<Option<Result<T, String>>> {
        loop {
            self.line.clear();
            if (&mut self.read).take(LONGEST).read_until(b'\n', &mut self.line)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.line.len() as u64 == LONGEST && !self.line.ends_with(b"\n") {
                self.skip()?;
                return Ok(Some(Err(format!("it is longer than {LONGEST} bytes"))));
            }
            // Some programs begin a file with a mark.
            let line = self.line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.line).trim_ascii();
            if !line.is_empty() {
                return Ok(Some(serde_json::from_slice(line).map_err(|error| error.to_string())));
            }
        }
    }

    /// Whether somebody may be waiting for the answers so far before they say more.
    pub fn is_dry(&self) -> bool {
        self.read.buffer().is_empty()
    }

    /// To the end of the line.
    fn skip(&mut self) -> io::Result<()> {
        loop {
            let there = self.read.fill_buf()?;
            let end = there.iter().position(|byte| *byte == b'\n');
            let (is_last, length) = (end.is_some() || there.is_empty(), there.len());
            self.read.consume(end.map_or(length, |at| at + 1));
            if is_last {
                return Ok(());
            }
        }
    }
}
