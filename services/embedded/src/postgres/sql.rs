//! Statements on databases as wholes, run with `psql`: too few to carry a client for.

use std::process::Command;

use crate::error::{Doing, Error};
use crate::process::plain_surroundings;
use crate::programs::PostgresPrograms;

/// The superuser of a private server. It is trusted on loopback and has no password.
pub(super) const USER: &str = "huying";

pub(super) fn url(port: u16, database: &str) -> String {
    format!("postgres://{USER}@127.0.0.1:{port}/{database}")
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

/// Creates `name` unless it is there, or someone else creates it at the same moment.
pub(super) fn ensure(programs: &PostgresPrograms, port: u16, name: &str) -> Result<(), Error> {
    let exists = || {
        let statement = format!("select count(*) from pg_database where datname = '{name}'");
        run(programs, port, &statement).map(|count| count == "1")
    };
    if exists()? {
        return Ok(());
    }
    match run(programs, port, &format!(r#"create database "{name}""#)) {
        Err(refused) if !exists()? => Err(refused),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Runs one statement in the database `postgres` and returns what it printed.
pub(super) fn run(programs: &PostgresPrograms, port: u16, statement: &str) -> Result<String, Error> {
    let mut psql = Command::new(&programs.psql);
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]);
    psql.arg("-d").arg(url(port, "postgres")).arg("-c").arg(statement);
    plain_surroundings(&mut psql);
    let said = psql.output().doing("run", &programs.psql)?;
    if said.status.success() {
        return Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned());
    }
    let answer = String::from_utf8_lossy(&said.stderr).trim().to_owned();
    Err(Error::Sql { statement: statement.to_owned(), answer })
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
}
