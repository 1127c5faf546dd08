//! Names beside codes: those of areas and units that an answer does not say itself, each asked for once.

use std::collections::BTreeMap;

use huying_chassis::peers::Peer;
use huying_proto::routing::v1::{
    GetAreaRequest, GetUnitRequest, directory_service_client::DirectoryServiceClient,
};
use tonic::{Code, Status};

use crate::client::Client;

/// What is known by now.
pub(super) struct Names {
    directory: DirectoryServiceClient<Peer>,
    district: String,
    known: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn new(client: &Client) -> anyhow::Result<Self> {
        let directory = client.directory(&client.reader()?)?;
        Ok(Self { directory, district: client.district()?, known: BTreeMap::new() })
    }

    /// Those of these areas.
    ///
    /// # Errors
    /// Routing's refusal.
    pub(super) async fn learn_areas<'a>(
        &mut self,
        codes: impl IntoIterator<Item = &'a String>,
    ) -> anyhow::Result<()> {
        for code in codes {
            if self.lacks(code) {
                let area = self.directory.get_area(GetAreaRequest { code: code.clone() }).await;
                self.keep(code, area.map(|area| area.into_inner().name))?;
            }
        }
        Ok(())
    }

    /// Those of these units.
    ///
    /// # Errors
    /// Routing's refusal.
    pub(super) async fn learn_units<'a>(
        &mut self,
        codes: impl IntoIterator<Item = &'a String>,
    ) -> anyhow::Result<()> {
        for code in codes {
            if self.lacks(code) {
                let request = GetUnitRequest { district: self.district.clone(), code: code.clone() };
                let unit = self.directory.get_unit(request).await;
                self.keep(code, unit.map(|unit| unit.into_inner().name))?;
            }
        }
        Ok(())
    }

    fn lacks(&self, code: &str) -> bool {
        !code.is_empty() && !self.known.contains_key(code)
    }

    /// What is gone has no name, and what may not be looked up is shown without.
    fn keep(&mut self, code: &str, name: Result<String, Status>) -> anyhow::Result<()> {
        let name = match name {
            Err(status) if [Code::NotFound, Code::PermissionDenied].contains(&status.code()) => String::new(),
            name => name?,
        };
        self.known.insert(code.to_owned(), name);
        Ok(())
    }

    /// The name of an area or a unit; empty where it is not known.
    pub(super) fn of(&self, code: &str) -> &str {
        self.known.get(code).map_or("", String::as_str)
    }

    /// The code with its name beside it.
    pub(super) fn beside(&self, code: &str) -> String {
        named(code, self.of(code))
    }

    /// The code with the name that the answer says, or else the one that is known.
    pub(super) fn or(&self, code: &str, name: &str) -> String {
        named(code, if name.is_empty() { self.of(code) } else { name })
    }
}

/// A code and what people call it.
pub(super) fn named(code: &str, name: &str) -> String {
    format!("{code} {name}").trim_end().to_owned()
}
