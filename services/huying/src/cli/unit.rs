//! `huying unit`: who can hold a case or be called on one.

use clap::Subcommand;
use huying_proto::routing::v1::{ListUnitsRequest, UnitKind};

use super::Session;
use super::page::Most;
use crate::words::{self, Word};

/// Units: grid teams, communities, streets, departments, response groups (责任单位)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying unit list --kind response_group
  huying unit show RG-yingshang")]
pub enum Command {
    /// By code
    #[command(after_help = "\
examples:
  huying unit list --area 420102003
  huying unit list --kind department -n 200")]
    List {
        /// Only this kind
        #[arg(long, value_parser = words::parser::<UnitKind>())]
        kind: Option<UnitKind>,
        /// Only those whose area lies in this one
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        #[command(flatten)]
        most: Most,
    },
    /// One unit, with its superior and, of a group, its members
    #[command(after_help = "\
examples:
  huying unit show S-420102003
  huying unit show RG-yingshang -o json")]
    Show {
        /// The unit's code
        code: String,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let (kind, area, most) = match self {
            Self::List { kind, area, most } => (kind, area, most),
            Self::Show { code } => {
                let unit = client.unit(&code).await?;
                return session.out.one(&unit, |unit| {
                    vec![
                        ("code", unit.code.clone()),
                        ("name", unit.name.clone()),
                        ("kind", unit.kind().both()),
                        ("tier", unit.tier().both()),
                        ("area", unit.area.clone()),
                        ("superior", unit.superior.clone()),
                        ("class", unit.class.clone()),
                        ("chair", unit.chair.clone()),
                        ("members", unit.members.join(", ")),
                    ]
                });
            }
        };
        let mut directory = client.directory(&client.reader()?)?;
        let kind = kind.unwrap_or(UnitKind::Unspecified).into();
        let filter =
            ListUnitsRequest { district: client.district()?, kind, area, ..ListUnitsRequest::default() };
        let units = most
            .collect(async |page_size, page_token| {
                let page = ListUnitsRequest { page_size, page_token, ..filter.clone() };
                let page = directory.list_units(page).await?.into_inner();
                Ok((page.units, page.next_page_token))
            })
            .await?;
        session.out.list(&["code", "name", "kind", "tier", "area", "superior"], &units, |unit| {
            vec![
                unit.code.clone(),
                unit.name.clone(),
                unit.kind().chinese().to_owned(),
                unit.tier().chinese().to_owned(),
                unit.area.clone(),
                unit.superior.clone(),
            ]
        })
    }
}
