//! The users of one NATS, with their keys in a directory: `<service>.nk`, `operator.nk`, and `units/<district>-<unit>.nk`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use huying_embedded::Accounts;
use serde_json::Value;

use super::accounts::{User, accounts};
use super::keys;
use super::rights::{self, Rights};
use super::units::Unit;
use crate::services;
use crate::up::private_directory;

/// The operator's tools: `huying events tail`, `huying doctor`, and what makes the units' consumers.
pub const OPERATOR: &str = "operator";

const UNITS: &str = "units";
const SEED: &str = "nk";

/// All users, with their keys.
#[derive(Clone, Debug)]
pub struct Users {
    folder: PathBuf,
    units: Vec<Unit>,
    users: Vec<User>,
}

impl Users {
    /// Those of a directory, with the units that have keys there and those that are named. Missing keys are made up.
    ///
    /// # Errors
    /// A directory or file that cannot be read or written.
    pub fn open(folder: &Path, units: impl IntoIterator<Item = Unit>) -> anyhow::Result<Self> {
        private_directory(&folder.join(UNITS))?;
        private_directory(folder)?;
        let units: BTreeSet<Unit> = known(&folder.join(UNITS))?.into_iter().chain(units).collect();
        let mut opened =
            Self { folder: folder.to_owned(), units: units.into_iter().collect(), users: vec![] };
        for service in services::ALL {
            let seed = opened.key_file(service.name);
            opened.add(service.name, &seed, rights::of_service(service))?;
        }
        let seed = opened.key_file(OPERATOR);
        opened.add(OPERATOR, &seed, rights::of_operator())?;
        for unit in opened.units.clone() {
            let seed = opened.unit_key_file(&unit);
            opened.add(&unit.name(), &seed, rights::of_unit(&unit))?;
        }
        Ok(opened)
    }

    fn add(&mut self, name: &str, seed: &Path, rights: Rights) -> anyhow::Result<()> {
        self.users.push(User { name: name.to_owned(), key: keys::public(seed)?, rights });
        Ok(())
    }

    /// The seed of a service, or of the operator.
    pub fn key_file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.{SEED}"))
    }

    /// The seed of a unit.
    pub fn unit_key_file(&self, unit: &Unit) -> PathBuf {
        self.folder.join(UNITS).join(format!("{}.{SEED}", unit.name()))
    }

    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// As nats-server's `accounts` has them. Nothing in it is secret.
    pub fn accounts(&self) -> Accounts {
        accounts(&self.users)
    }

    /// The part of nats-server's configuration that says who may do what.
    pub fn config(&self) -> String {
        format!(
            "# Written by `huying nats config`: who may do what. Public keys only. nats-server reads it again at SIGHUP; an account that is new works from the second on.\naccounts: {:#}\n",
            Value::Object(self.accounts())
        )
    }
}

fn known(folder: &Path) -> anyhow::Result<Vec<Unit>> {
    let unreadable = || format!("{} cannot be read", folder.display());
    let mut units = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let is_seed = path.extension().is_some_and(|extension| extension == SEED);
        let name = path.file_stem().and_then(|name| name.to_str()).filter(|_| is_seed);
        units.extend(name.and_then(Unit::named));
    }
    Ok(units)
}
