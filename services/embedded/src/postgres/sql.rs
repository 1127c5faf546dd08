//! Statements on databases as wholes, run with `psql`: too few to carry a client for. What is secret in them is in no argument, which
//! everybody on the machine sees: the password goes by the environment, the statement by standard input.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::error::{Doing, Error};
use crate::process::plain_surroundings;
use crate::programs::PostgresPrograms;
use crate::secrets;

/// The superuser of a private server.
pub(super) const USER: &str = "huying";

/// Where a server is.
#[derive(Clone, Debug)]
pub(super) enum Address {
    /// By the directory of its socket, and the number in the socket's name.
    Socket(PathBuf, u16),
    Loopback(u16),
}

impl Address {
    /// As sqlx and PostgreSQL's own programs read it.
    pub(super) fn url(&self, login: &str, database: &str) -> String {
        match self {
            Self::Socket(dir, port) => {
                let dir = encoded(&dir.display().to_string());
                format!("postgres://{login}@localhost:{port}/{database}?host={dir}")
            }
            Self::Loopback(port) => format!("postgres://{login}@127.0.0.1:{port}/{database}"),
        }
    }
}

/// All but letters and digits percent-encoded.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() {
            true => encoded.push(char::from(byte)),
            false => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

/// A name that needs no escaping anywhere.
pub(super) fn checked(name: &str) -> Result<String, Error> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let begins_well = !name.starts_with(|c: char| c.is_ascii_digit());
    if (1..=63).contains(&name.len()) && begins_well && name.chars().all(plain) {
        Ok(name.to_owned())
    } else {
        Err(Error::DatabaseName { name: name.to_owned() })
    }
}

/// A way to a server, for its superuser.
pub(super) struct Psql<'a> {
    pub(super) programs: &'a PostgresPrograms,
    /// By its socket.
    pub(super) address: Address,
    pub(super) password: &'a str,
}

impl Psql<'_> {
    /// Gives the superuser its password, as this process's own account.
    pub(super) fn set_password(&self) -> Result<(), Error> {
        let kept = secrets::verifier(self.password)?;
        self.run("template1", &format!("alter role {USER} password '{kept}'")).map(drop)
    }

    /// Creates `name` unless it is there, or someone else creates it at the same moment.
    pub(super) fn ensure(&self, name: &str) -> Result<(), Error> {
        let exists = || {
            let statement = format!("select count(*) from pg_database where datname = '{name}'");
            self.run("postgres", &statement).map(|count| count == "1")
        };
        if exists()? {
            return Ok(());
        }
        match self.run("postgres", &format!(r#"create database "{name}""#)) {
            Err(refused) if !exists()? => Err(refused),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Runs statements in a database and returns what they printed.
    pub(super) fn run(&self, database: &str, statement: &str) -> Result<String, Error> {
        let program = &self.programs.psql;
        let mut psql = Command::new(program);
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"]);
        psql.arg("-d").arg(self.address.url(USER, database));
        plain_surroundings(&mut psql);
        psql.env("PGPASSWORD", self.password);
        psql.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = psql.spawn().doing("run", program)?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that ended before it has read says why.
            let _ = stdin.write_all(statement.as_bytes());
        }
        let said = child.wait_with_output().doing("run", program)?;
        if said.status.success() {
            return Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned());
        }
        let answer = String::from_utf8_lossy(&said.stderr).trim().to_owned();
        Err(Error::Sql { statement: first_words(statement), answer })
    }
}

/// Which statement it was, without what may be secret in it.
fn first_words(statement: &str) -> String {
    statement.split(" password ").next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_pass() {
        assert!(checked("intake").is_ok() && checked("t_019").is_ok());
        for bad in ["", "1a", "A", "a\"b", "a b", "江岸", &"x".repeat(64)] {
            assert!(checked(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_socket_is_named_by_an_address_that_everybody_reads() {
        let address = Address::Socket(PathBuf::from("/tmp/a+b 江/run"), 20_001);
        let url = address.url("huying:secret", "intake");
        assert_eq!(
            url,
            "postgres://huying:secret@localhost:20001/intake?host=%2Ftmp%2Fa%2Bb%20%E6%B1%9F%2Frun"
        );
        assert_eq!(Address::Loopback(5).url("huying", "x"), "postgres://huying@127.0.0.1:5/x");
    }

    #[test]
    fn what_is_refused_is_told_without_its_password() {
        assert_eq!(first_words("alter role a password 'b'"), "alter role a");
    }
}
