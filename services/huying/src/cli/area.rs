//! `huying area`: the tree of areas.

use clap::Subcommand;
use huying_proto::common::v1::{Datum, Location, Point};
use huying_proto::routing::v1::{
    Area, GetAreaRequest, ListAreasRequest, Mention, ReadLocationRequest, ReadLocationResponse,
};

use super::Session;
use super::names::Names;
use super::page::Most;
use crate::words::{Word, parser};

/// Areas: district, streets, communities, grids
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying area list
  huying area list 420102003
  huying area show 420102003002
  huying area read 一元街道同兴社区")]
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
    /// What an address, a code or a point comes to, and why
    #[command(after_help = "\
examples:
  huying area read 一元街道同兴社区胜利街158号
  huying area read 胜利街158号 --lat 30.589 --lon 114.299 --datum gcj02")]
    Read {
        /// As somebody says it
        #[arg(default_value = "")]
        address: String,
        /// An area code that somebody gave
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Degrees north
        #[arg(long, requires = "lon", allow_negative_numbers = true)]
        lat: Option<f64>,
        /// Degrees east
        #[arg(long, requires = "lat", allow_negative_numbers = true)]
        lon: Option<f64>,
        /// What the point's numbers are in; wgs84 if not given
        #[arg(long, value_parser = parser::<Datum>())]
        datum: Option<Datum>,
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
            Self::Read { address, area, lat, lon, datum } => {
                let datum = datum.unwrap_or(Datum::Unspecified).into();
                let point = lat.zip(lon).map(|(latitude, longitude)| Point { latitude, longitude, datum });
                let location = Some(Location { address, area, point });
                let read = ReadLocationRequest { district: client.district()?, location };
                let read = directory.read_location(read).await?.into_inner();
                let mut names = Names::new(&client)?;
                names.learn_areas(codes(&read)).await?;
                return session.out.one(&read, |read| fields(read, &names));
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

/// The codes in an answer, to be named.
fn codes(read: &ReadLocationResponse) -> impl Iterator<Item = &String> {
    let mentions = read.mentions.iter().map(|it| &it.area);
    mentions.chain(&read.road_areas).chain(&read.candidates).chain(std::iter::once(&read.area))
}

fn fields(read: &ReadLocationResponse, names: &Names) -> Vec<(&'static str, String)> {
    let both = |codes: &[String]| {
        let both: Vec<String> = codes.iter().map(|code| names.beside(code)).collect();
        both.join("\n")
    };
    let mention = |it: &Mention| format!("{} → {}", it.name, names.beside(&it.area));
    let mentions: Vec<String> = read.mentions.iter().map(mention).collect();
    let reasons: Vec<String> = read.reasons.iter().map(|it| format!("{} ({})", it.text, it.rule)).collect();
    vec![
        ("read as", read.text.clone()),
        ("names", mentions.join("\n")),
        ("elsewhere", read.elsewhere.join(", ")),
        ("road", format!("{}{}", read.road, read.number)),
        ("known in", both(&read.road_areas)),
        ("building", read.building.clone()),
        ("area", names.beside(&read.area)),
        ("sure", read.sureness().both()),
        ("may be", both(&read.candidates)),
        ("why", reasons.join("\n")),
    ]
}
