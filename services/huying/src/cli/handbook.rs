//! `huying handbook`: what people ask for most, answered beforehand.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use huying_proto::common::v1::Limit;
use huying_proto::intake::v1::{
    GetGuideRequest, Guide, GuideKind, ListGuidesRequest, PublishGuideRequest, PublishedOfficer,
    SearchGuidesRequest, WithdrawGuideRequest,
};
use serde::{Deserialize, Deserializer, de};

use super::Session;
use super::page::Most;
use crate::client::{Client, Who, request_id};
use crate::output::note;
use crate::words::{self, Word};

/// The handbook: policies, services and what units publish of themselves (服务一本通、知识库)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying handbook search '居住证怎么办'
  huying handbook show unit.S-420102003
  huying handbook publish handbook.toml")]
pub enum Command {
    /// Guides that a question is about, the most telling first
    #[command(after_help = "\
examples:
  huying handbook search '独居老人的津贴怎么申请'
  huying handbook search 社区电话 --kind unit")]
    Search {
        /// A question in everyday words
        words: String,
        /// Only this kind
        #[arg(long, value_parser = words::parser::<GuideKind>())]
        kind: Option<GuideKind>,
        /// How many to show at most
        #[arg(long, short = 'n', default_value_t = 10, value_name = "COUNT", value_parser = clap::value_parser!(i32).range(1..=50))]
        limit: i32,
    },
    /// One guide, as it is or as a version had it
    #[command(after_help = "\
examples:
  huying handbook show gas
  huying handbook show gas --which 1")]
    Show {
        /// The guide's code
        code: String,
        /// Which of its versions; the newest if not given
        #[arg(id = "which", long = "which", default_value_t = 0, value_name = "VERSION", value_parser = clap::value_parser!(i64).range(0..))]
        version: i64,
    },
    /// By code
    #[command(after_help = "\
examples:
  huying handbook list
  huying handbook list --kind unit --unit S-420102003")]
    List(Listing),
    /// Publish the guides of a file, new or in place of those before; what is the same stays as it is
    #[command(after_help = "\
examples:
  huying handbook publish handbook.toml
A file has a table [[guide]] for each, with the fields of a guide:
  [[guide]]
  code = \"gas\"
  kind = \"service\"           # policy, service, unit
  title = \"燃气开户\"
  grounds = \"…\"              # 依据
  conditions = \"…\"           # 条件
  text = \"…\"                 # 内容
  limit = \"5:work_day\"       # 时限
  unit = \"U-gas\"             # 责任单位
  contact = \"…\"
  complaint_line = \"12345\"
  also = [\"办煤气\"]           # 群众还怎么说
  officers = [{ name = \"…\", duty = \"…\", contact = \"…\" }]   # 只有 unit 才有")]
    Publish {
        /// A TOML file
        file: PathBuf,
    },
    /// Take a guide out of the handbook
    #[command(after_help = "\
examples:
  huying handbook withdraw gas --reason '改由燃气公司办理'")]
    Withdraw {
        /// The guide's code
        code: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub struct Listing {
    /// Only this kind
    #[arg(long, value_parser = words::parser::<GuideKind>())]
    kind: Option<GuideKind>,
    /// Only those of this unit
    #[arg(long, value_name = "CODE", default_value = "")]
    unit: String,
    #[command(flatten)]
    most: Most,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let district = client.district()?;
        let mut reader = client.handbook(&client.reader()?)?;
        match self {
            Self::Search { words, kind, limit } => {
                let kind = kind.unwrap_or(GuideKind::Unspecified).into();
                let request = SearchGuidesRequest { district, words, kind, size: limit };
                let found = reader.search_guides(request).await?.into_inner().found;
                let guides: Vec<Guide> = found.into_iter().filter_map(|found| found.guide).collect();
                table(session, &guides)
            }
            Self::Show { code, version } => {
                let request = GetGuideRequest { district, code, version };
                one(session, &reader.get_guide(request).await?.into_inner())
            }
            Self::List(list) => list.run(session, &client, district).await,
            Self::Publish { file } => publish(session, &client, district, &file).await,
            Self::Withdraw { code, reason } => {
                let mut desk = client.handbook(&Who::Desk { area: district.clone() })?;
                let request = WithdrawGuideRequest { request_id: request_id(), district, code, reason };
                one(session, &desk.withdraw_guide(request).await?.into_inner())
            }
        }
    }
}

impl Listing {
    async fn run(self, session: &Session, client: &Client, district: String) -> anyhow::Result<()> {
        let mut reader = client.handbook(&client.reader()?)?;
        let kind = self.kind.unwrap_or(GuideKind::Unspecified).into();
        let filter = ListGuidesRequest { district, kind, unit: self.unit, ..Default::default() };
        let guides = self
            .most
            .collect(async |page_size, page_token| {
                let page = ListGuidesRequest { page_size, page_token, ..filter.clone() };
                let page = reader.list_guides(page).await?.into_inner();
                Ok((page.guides, page.next_page_token))
            })
            .await?;
        table(session, &guides)
    }
}

fn table(session: &Session, guides: &[Guide]) -> anyhow::Result<()> {
    session.out.list(&["code", "kind", "title", "unit", "limit", "contact"], guides, |guide| {
        vec![
            guide.code.clone(),
            guide.kind().chinese().to_owned(),
            guide.title.clone(),
            guide.unit.clone(),
            words::limit(guide.limit.as_ref()),
            guide.contact.clone(),
        ]
    })
}

fn one(session: &Session, guide: &Guide) -> anyhow::Result<()> {
    let officer =
        |it: &PublishedOfficer| format!("{} {} {}", it.name, it.duty, it.contact).trim_end().to_owned();
    session.out.one(guide, |guide| {
        vec![
            ("code", guide.code.clone()),
            ("kind", guide.kind().both()),
            ("title", guide.title.clone()),
            ("grounds", guide.grounds.clone()),
            ("conditions", guide.conditions.clone()),
            ("text", guide.text.clone()),
            ("limit", words::limit(guide.limit.as_ref())),
            ("unit", guide.unit.clone()),
            ("officers", guide.officers.iter().map(officer).collect::<Vec<_>>().join("\n")),
            ("contact", guide.contact.clone()),
            ("complaint line", guide.complaint_line.clone()),
            ("also", guide.also.join(", ")),
            ("state", guide.state().both()),
            ("version", guide.version.to_string()),
        ]
    })
}

/// A file of guides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guides {
    guide: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    #[serde(deserialize_with = "kind")]
    kind: GuideKind,
    title: String,
    #[serde(default)]
    grounds: String,
    #[serde(default)]
    conditions: String,
    text: String,
    #[serde(default, deserialize_with = "limit")]
    limit: Option<Limit>,
    unit: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    complaint_line: String,
    #[serde(default)]
    officers: Vec<Officer>,
    #[serde(default)]
    also: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Officer {
    name: String,
    #[serde(default)]
    duty: String,
    #[serde(default)]
    contact: String,
}

fn kind<'de, D: Deserializer<'de>>(from: D) -> Result<GuideKind, D::Error> {
    let word = String::deserialize(from)?;
    GuideKind::parse(&word)
        .ok_or_else(|| de::Error::custom(format!("'{word}' is none of policy, service, unit")))
}

fn limit<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Limit>, D::Error> {
    words::parse_limit(&String::deserialize(from)?).map(Some).map_err(de::Error::custom)
}

impl Row {
    fn guide(self, district: &str) -> Guide {
        let officer = |it: Officer| PublishedOfficer { name: it.name, duty: it.duty, contact: it.contact };
        Guide {
            district: district.to_owned(),
            code: self.code,
            kind: self.kind.into(),
            title: self.title,
            grounds: self.grounds,
            conditions: self.conditions,
            text: self.text,
            limit: self.limit,
            unit: self.unit,
            contact: self.contact,
            complaint_line: self.complaint_line,
            officers: self.officers.into_iter().map(officer).collect(),
            also: self.also,
            ..Guide::default()
        }
    }
}

/// Publishes a file's guides one after the other: where one is refused, those before it stand, and the file can be published again.
async fn publish(
    session: &Session,
    client: &Client,
    district: String,
    file: &std::path::Path,
) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let Guides { guide: rows } = toml::from_str(&text)
        .map_err(|error| crate::failure::wrong(error.to_string(), "correct this line"))?;
    let mut desk = client.handbook(&Who::Desk { area: district.clone() })?;
    let mut published = Vec::with_capacity(rows.len());
    for row in rows {
        let code = row.code.clone();
        let request =
            PublishGuideRequest { request_id: request_id(), guide: Some(row.guide(&district)), version: 0 };
        let answer = desk.publish_guide(request).await.with_context(|| format!("the guide {code}"))?;
        published.push(answer.into_inner());
    }
    note(&format!("{} guides are published", published.len()))?;
    table(session, &published)
}
