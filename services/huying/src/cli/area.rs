//! `huying area`: the tree of areas.

use clap::Subcommand;
use huying_proto::routing::v1::{Area, GetAreaRequest, ListAreasRequest};

use super::Session;
use super::page::Most;
use crate::words::Word;

/// Areas: district, streets, communities, grids
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying area list
  huying area list 420102003
  huying area show 420102003002")]
pub enum Command {
    /// The areas right below one
    #[command(after_help = "\
examples:
  huying area list
  huying area list 420102003002 -o json")]
    List {
        /// The area above; the district if not given
        parent: Option<String>,
        #[command(flatten)]
        most: Most,
    },
    /// One area
    #[command(after_help = "\
examples:
  huying area show 420102003002")]
    Show {
        /// The area's code
        code: String,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let mut directory = client.directory(&client.reader()?)?;
        let (parent, most) = match self {
            Self::Show { code } => {
                let area = directory.clone().get_area(GetAreaRequest { code }).await?.into_inner();
                return session.out.one(&area, |area| {
                    vec![
                        ("code", area.code.clone()),
                        ("name", area.name.clone()),
                        ("tier", area.tier().both()),
                        ("parent", area.parent.clone()),
                    ]
                });
            }
            Self::List { parent, most } => (parent.map_or_else(|| client.district(), Ok)?, most),
        };
        let areas: Vec<Area> = most
            .collect(async |page_size, page_token| {
                let page = ListAreasRequest { parent: parent.clone(), page_size, page_token };
                let page = directory.list_areas(page).await?.into_inner();
                Ok((page.areas, page.next_page_token))
            })
            .await?;
        session.out.list(&["code", "name", "tier"], &areas, |area| {
            vec![area.code.clone(), area.name.clone(), area.tier().chinese().to_owned()]
        })
    }
}
