//! The secret that a reporter holds, such as the one on a receipt. It comes by standard input or out of a file, never as an argument: those are
//! seen by every account of the machine, and kept by the shell.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader, IsTerminal as _, Read},
    path::PathBuf,
};

use clap::Args;

use crate::{failure::wrong, output::note};

/// Most bytes of its line; those that are made here have far less.
const LONGEST: u64 = 4096;

#[derive(Args, Debug)]
pub struct Held {
    /// File with the secret in its first line; a line of standard input if not given
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
}

impl Held {
    /// The secret.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub fn read(&self) -> anyhow::Result<String> {
        let line = match &self.secret_file {
            Some(file) => File::open(file).and_then(first_line),
            None => {
                if io::stdin().is_terminal() {
                    note("type the secret, and Enter:")?;
                }
                first_line(io::stdin().lock())
            }
        };
        let fix = "give it in a file by --secret-file, or in a line of standard input";
        match line {
            Ok(line) if !line.is_empty() => Ok(line),
            Ok(_) => Err(wrong("there is no secret", fix)),
            Err(error) => Err(wrong(format!("the secret cannot be read: {error}"), fix)),
        }
    }
}

fn first_line(from: impl Read) -> io::Result<String> {
    let mut line = String::new();
    BufReader::new(from.take(LONGEST)).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_first_line_without_its_end() {
        for (text, is) in [("abc", "abc"), (" abc \r\nmore\n", "abc"), ("\nabc", ""), ("", "")] {
            assert_eq!(first_line(text.as_bytes()).unwrap(), is, "{text:?}");
        }
        let endless = first_line(io::repeat(b'x')).unwrap();
        assert_eq!(endless.len() as u64, LONGEST);
    }
}
