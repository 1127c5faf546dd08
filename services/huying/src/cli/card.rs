//! `huying card`: cards and codes at people's doors, and what is sent by them.

mod sheet;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use huying_proto::common::v1::PriorityKind;
use huying_proto::intake::v1::{
    Card, CardKind, CardState, GetCardRequest, IssueCardsRequest, ListCardsRequest, NoteCallRequest,
    ReplaceCardRequest, Reporter, ResolveCardRequest, RevokeCardRequest, SubmitByCardRequest,
};

use super::Session;
use super::names::Names;
use super::page::Most;
use super::submit::fields;
use crate::client::{Client, Who, request_id};
use crate::failure::wrong;
use crate::output::note;
use crate::words::{self, Word};

/// Cards and codes at people's doors (便民服务卡、善治码)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying card issue --area 420102003002001 --cadre 张三 --phone 027-82345678 --count 20
  huying card sheet --area 420102003002001 --out cards.html
  huying card list --area 420102003 --state valid")]
pub enum Command {
    /// Issue a batch of cards that name one cadre
    #[command(after_help = "\
examples:
  huying card issue --area 420102003002001 --cadre 张三 --phone 027-82345678 --count 20
  huying card issue --kind resident_qr --area 330109001001001 --cadre 李四 --phone 0571-82345678 --address '1 号楼门厅'")]
    Issue(Box<Issue>),
    /// By area
    #[command(after_help = "\
examples:
  huying card list --area 420102003 --state valid
  huying card list -n 200 -o json")]
    List(Listing),
    /// One card
    #[command(after_help = "\
examples:
  huying card show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
    Show {
        /// The card's id
        id: String,
    },
    /// Issue another card in its place: what is not given stays as before
    #[command(after_help = "\
examples:
  huying card replace 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --cadre 王五 --phone 027-82345679 --reason 换了网格员")]
    Replace(Box<Replace>),
    /// Take a card out of use
    #[command(after_help = "\
examples:
  huying card revoke 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --reason 卡片遗失")]
    Revoke {
        /// The card's id
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// What a code leads to, as whoever scans it is told
    #[command(after_help = "\
examples:
  huying card resolve q3J0cVx2T1m8sZr5YwKfLg")]
    Resolve {
        /// What was scanned, without the address before it
        #[arg(allow_hyphen_values = true)]
        code: String,
    },
    /// Send a request as somebody who scanned a code
    #[command(after_help = "\
examples:
  huying card scan q3J0cVx2T1m8sZr5YwKfLg 楼道灯不亮 --phone 13800000000")]
    Scan {
        /// What was scanned, without the address before it
        #[arg(allow_hyphen_values = true)]
        code: String,
        /// What is asked
        content: String,
        /// For the callback
        #[arg(long, value_name = "NUMBER", default_value = "")]
        phone: String,
    },
    /// Note a phone call as the cadre whom the card names, who answers for it to the end
    #[command(after_help = "\
examples:
  huying card call 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d 水管漏水 --name 某居民 --phone 13800000000
  huying card call 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d 门前路灯不亮 --concerns living-alone")]
    Call {
        /// The card's id
        id: String,
        /// What is asked
        content: String,
        /// Who phoned
        #[arg(long, value_name = "TEXT", default_value = "")]
        name: String,
        /// Their phone
        #[arg(long, value_name = "NUMBER", default_value = "")]
        phone: String,
        /// Where it is; where the card hangs if not given
        #[arg(long, value_name = "TEXT", default_value = "")]
        address: String,
        /// Whom it concerns, where they come first (重点人群); may be repeated
        #[arg(long = "concerns", value_parser = words::parser::<PriorityKind>(), value_name = "KIND")]
        concerns: Vec<PriorityKind>,
    },
    /// A page to print, ten valid cards to an A4 sheet; or the code of one card as SVG
    #[command(after_help = "\
examples:
  huying card sheet --area 420102003002001 --out cards.html
  huying card sheet --batch 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --out batch.html
  huying card sheet --id 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --out code.svg")]
    Sheet(Sheet),
}

#[derive(Args, Debug)]
pub struct Issue {
    /// What they are
    #[arg(long, value_parser = words::parser::<CardKind>(), default_value = "service_card", value_name = "KIND")]
    kind: CardKind,
    /// The grid, or whatever area the cadre is responsible for
    #[arg(long, value_name = "CODE")]
    area: String,
    /// The cadre's unit; the grid's team if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// The cadre's name
    #[arg(long, value_name = "TEXT")]
    cadre: String,
    /// The cadre's phone at work
    #[arg(long, value_name = "NUMBER")]
    phone: String,
    /// Where they hang, in words
    #[arg(long, value_name = "TEXT", default_value = "")]
    address: String,
    /// How many
    #[arg(long, default_value_t = 1, value_name = "COUNT", value_parser = clap::value_parser!(i32).range(1..=500))]
    count: i32,
}

#[derive(Args, Debug)]
pub struct Listing {
    /// Only in this area
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Only in this state
    #[arg(long, value_parser = words::parser::<CardState>(), value_name = "STATE")]
    state: Option<CardState>,
    /// Only of this batch
    #[arg(long, value_name = "UUID", default_value = "")]
    batch: String,
    #[command(flatten)]
    most: Most,
}

#[derive(Args, Debug)]
pub struct Replace {
    /// The card's id
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The cadre's unit
    #[arg(long, value_name = "CODE", default_value = "")]
    unit: String,
    /// The cadre's name
    #[arg(long, value_name = "TEXT", default_value = "")]
    cadre: String,
    /// The cadre's phone at work
    #[arg(long, value_name = "NUMBER", default_value = "")]
    phone: String,
    /// Where it hangs, in words
    #[arg(long, value_name = "TEXT", default_value = "")]
    address: String,
}

#[derive(Args, Debug)]
pub struct Sheet {
    /// Cards in this area
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Cards of this batch
    #[arg(long, value_name = "UUID", default_value = "")]
    batch: String,
    /// One card's code, as SVG
    #[arg(long, value_name = "UUID", conflicts_with_all = ["area", "batch"])]
    id: Option<String>,
    /// The file to write; one that is there is replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        match self {
            Self::Issue(issue) => issue.run(session, &client).await,
            Self::List(list) => {
                let cards = list.cards(&client).await?;
                table(session, &client, &cards).await
            }
            Self::Show { id } => one(session, &client, &card(&client, id).await?),
            Self::Replace(replace) => replace.run(session, &client).await,
            Self::Revoke { id, reason } => {
                let Card { version, .. } = card(&client, id.clone()).await?;
                let request = RevokeCardRequest { request_id: request_id(), id, version, reason };
                let revoked = desk(&client)?.revoke_card(request).await?.into_inner();
                one(session, &client, &revoked)
            }
            Self::Resolve { code } => {
                let face = client.cards(&Who::Nobody)?.resolve_card(ResolveCardRequest { code }).await?;
                session.out.one(face.get_ref(), |face| {
                    vec![
                        ("kind", face.kind().both()),
                        ("area", face.area.clone()),
                        ("address", face.address.clone()),
                        ("cadre", face.cadre.clone()),
                        ("phone", face.phone.clone()),
                    ]
                })
            }
            Self::Scan { code, content, phone } => {
                let request = SubmitByCardRequest {
                    request_id: request_id(),
                    code,
                    content,
                    phone,
                    address: String::new(),
                };
                let taken = client.cards(&Who::Nobody)?.submit_by_card(request).await?;
                session.out.one(taken.get_ref(), |taken| {
                    vec![("number", taken.number.clone()), ("tracking token", taken.tracking_token.clone())]
                })
            }
            Self::Call { id, content, name, phone, address, concerns } => {
                let call = NoteCallRequest {
                    request_id: request_id(),
                    id,
                    content,
                    reporter: Some(Reporter { name, phone, ..Reporter::default() }),
                    address,
                    concerns: concerns.into_iter().map(Into::into).collect(),
                };
                note_call(session, &client, call).await
            }
            Self::Sheet(sheet) => sheet.run(&client).await,
        }
    }
}

fn desk(
    client: &Client,
) -> anyhow::Result<
    huying_proto::intake::v1::card_service_client::CardServiceClient<huying_chassis::peers::Peer>,
> {
    client.cards(&Who::Desk { area: client.district()? })
}

async fn card(client: &Client, id: String) -> anyhow::Result<Card> {
    Ok(client.cards(&client.reader()?)?.get_card(GetCardRequest { id }).await?.into_inner())
}

async fn note_call(session: &Session, client: &Client, call: NoteCallRequest) -> anyhow::Result<()> {
    let cadre = client.of_unit(&card(client, call.id.clone()).await?.unit).await?;
    let taken = client.cards(&cadre)?.note_call(call).await?.into_inner();
    session.out.one(&taken, |taken| {
        let mut shown = taken.request.as_ref().map(|request| fields(client, request)).unwrap_or_default();
        shown.push(("tracking token", taken.tracking_token.clone()));
        shown
    })
}

impl Issue {
    async fn run(self, session: &Session, client: &Client) -> anyhow::Result<()> {
        let unit = self.unit.unwrap_or_else(|| format!("G-{}", self.area));
        let request = IssueCardsRequest {
            request_id: request_id(),
            district: client.district()?,
            kind: self.kind.into(),
            area: self.area,
            unit,
            cadre: self.cadre,
            phone: self.phone,
            address: self.address,
            count: self.count,
        };
        let cards = desk(client)?.issue_cards(request).await?.into_inner().cards;
        let batch = cards.first().map_or("", |card| card.batch.as_str());
        note(&format!("to print them: huying card sheet --batch {batch} --out cards.html"))?;
        table(session, client, &cards).await
    }
}

impl Replace {
    async fn run(self, session: &Session, client: &Client) -> anyhow::Result<()> {
        let Card { version, .. } = card(client, self.id.clone()).await?;
        let Self { id, reason, unit, cadre, phone, address } = self;
        let request =
            ReplaceCardRequest { request_id: request_id(), id, version, reason, unit, cadre, phone, address };
        let both = desk(client)?.replace_card(request).await?.into_inner();
        one(session, client, &both.card.unwrap_or_default())
    }
}

impl Listing {
    async fn cards(&self, client: &Client) -> anyhow::Result<Vec<Card>> {
        let mut reader = client.cards(&client.reader()?)?;
        let filter = ListCardsRequest {
            district: client.district()?,
            area: self.area.clone(),
            state: self.state.unwrap_or(CardState::Unspecified).into(),
            batch: self.batch.clone(),
            ..Default::default()
        };
        self.most
            .collect(async |page_size, page_token| {
                let page = ListCardsRequest { page_size, page_token, ..filter.clone() };
                let page = reader.list_cards(page).await?.into_inner();
                Ok((page.cards, page.next_page_token))
            })
            .await
    }
}

impl Sheet {
    async fn run(self, client: &Client) -> anyhow::Result<()> {
        if let Some(id) = self.id {
            return written(&self.out, &sheet::svg(&card(client, id).await?.url)?, 1);
        }
        let valid = Listing {
            area: self.area,
            state: Some(CardState::Valid),
            batch: self.batch,
            most: Most { limit: 100_000 },
        };
        let cards = valid.cards(client).await?;
        if cards.is_empty() {
            return Err(wrong("there is no valid card to print", "issue some with `huying card issue`"));
        }
        let mut names = Names::new(client)?;
        names.learn_areas(cards.iter().map(|card| &card.area)).await?;
        let page = sheet::page(&cards, "便民服务卡", |code| names.of(code).to_owned())?;
        written(&self.out, &page, cards.len())
    }
}

fn written(out: &Path, text: &str, cards: usize) -> anyhow::Result<()> {
    std::fs::write(out, text).with_context(|| format!("{} cannot be written", out.display()))?;
    note(&format!("{cards} cards are in {}", out.display()))
}

async fn table(session: &Session, client: &Client, cards: &[Card]) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    names.learn_areas(cards.iter().map(|card| &card.area)).await?;
    session.out.list(&["id", "kind", "area", "cadre", "phone", "state", "uses"], cards, |card| {
        vec![
            card.id.clone(),
            card.kind().chinese().to_owned(),
            names.beside(&card.area),
            card.cadre.clone(),
            card.phone.clone(),
            card.state().both(),
            card.uses.to_string(),
        ]
    })
}

fn one(session: &Session, client: &Client, card: &Card) -> anyhow::Result<()> {
    session.out.one(card, |card| {
        vec![
            ("id", card.id.clone()),
            ("kind", card.kind().both()),
            ("code", card.url.clone()),
            ("area", card.area.clone()),
            ("unit", card.unit.clone()),
            ("cadre", card.cadre.clone()),
            ("phone", card.phone.clone()),
            ("address", card.address.clone()),
            ("state", card.state().both()),
            ("reason", card.reason.clone()),
            ("uses", card.uses.to_string()),
            ("issued", client.when(card.issue_time.as_ref())),
            ("last used", client.when(card.use_time.as_ref())),
            ("batch", card.batch.clone()),
            ("replaces", card.replaces.clone()),
            ("replaced by", card.replaced_by.clone()),
        ]
    })
}
