//! `huying bond`: who keeps in touch with whom.

use clap::Subcommand;
use huying_proto::intake::v1::{BondKind, BondLevel, BondObject, ListBondsRequest};

use super::Session;
use super::page::Most;
use crate::words::{self, Word};

/// Officers and enterprises, leaders and key objects, departments and towns (联系、领办、结对)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying bond list --kind pairing
  huying bond list --area 330109001
They are a part of the profile: bonds.csv, and `huying profile apply`.")]
pub enum Command {
    /// By area and object
    #[command(after_help = "\
examples:
  huying bond list --kind pairing --unit DEP-fagai
  huying bond list --level district --object-kind enterprise -n 200")]
    List {
        /// Only those whose object lies in this area
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Only this officer's, as published
        #[arg(long, value_name = "TEXT", default_value = "")]
        officer: String,
        /// Only this unit's
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        /// Only to objects with this in their name
        #[arg(long, value_name = "TEXT", default_value = "")]
        object: String,
        /// Only this kind
        #[arg(long, value_parser = words::parser::<BondKind>())]
        kind: Option<BondKind>,
        /// Only on this level
        #[arg(long, value_parser = words::parser::<BondLevel>())]
        level: Option<BondLevel>,
        /// Only to such objects
        #[arg(long, value_parser = words::parser::<BondObject>())]
        object_kind: Option<BondObject>,
        #[command(flatten)]
        most: Most,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let Self::List { area, officer, unit, object, kind, level, object_kind, most } = self;
        let filter = ListBondsRequest {
            district: client.district()?,
            area,
            officer,
            unit,
            object,
            kind: kind.unwrap_or(BondKind::Unspecified).into(),
            level: level.unwrap_or(BondLevel::Unspecified).into(),
            object_kind: object_kind.unwrap_or(BondObject::Unspecified).into(),
            ..Default::default()
        };
        let mut reader = client.bonds(&client.reader()?)?;
        let bonds = most
            .collect(async |page_size, page_token| {
                let page = ListBondsRequest { page_size, page_token, ..filter.clone() };
                let page = reader.list_bonds(page).await?.into_inner();
                Ok((page.bonds, page.next_page_token))
            })
            .await?;
        session.out.list(&["kind", "level", "officer", "unit", "to", "object", "area"], &bonds, |it| {
            vec![
                it.kind().chinese().to_owned(),
                it.level().chinese().to_owned(),
                it.officer.clone(),
                it.unit.clone(),
                it.object_kind().chinese().to_owned(),
                it.object.clone(),
                it.area.clone(),
            ]
        })
    }
}
