//! `huying offer`: what communities and resident units offer and need of each other.

use clap::{Args, Subcommand};
use huying_proto::intake::v1::{
    CompleteOfferRequest, GetOfferRequest, ListOffersRequest, MakeOfferRequest, MatchOfferRequest, Offer,
    OfferContent, OfferKind, OfferRating, OfferSide, OfferState, RateOfferRequest, WithdrawOfferRequest,
};

use huying_wire::instant;
use huying_words::set_in;

use super::Session;
use super::page::Most;
use super::session::{self, Moment};
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// What communities and the units stationed there offer and need of each other (四个双向)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying offer make '周末开放操场' --party 某中学 --area 420102003002 --unit C-420102003002
  huying offer list --state offered
  huying offer match 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --with 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4e")]
pub enum Command {
    /// Enter what a side offers or needs
    #[command(after_help = "\
examples:
  huying offer make '周末开放操场' --party 某中学 --area 420102003002 --unit C-420102003002
  huying offer make '孩子没有地方运动' --kind need --side community --party 同兴社区 --area 420102003002 --unit C-420102003002")]
    Make(Box<Making>),
    /// 协调: bring an offer together with a need of the other side, or with a request
    #[command(after_help = "\
examples:
  huying offer match 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --with 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4e
  huying offer match 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --request 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4f")]
    Match {
        /// Its id
        id: String,
        /// The id of what the other side needs, or offers
        #[arg(long, value_name = "ID", default_value = "")]
        with: String,
        /// Or of a request
        #[arg(long, value_name = "ID", default_value = "", conflicts_with = "with")]
        request: String,
    },
    /// It was done, with what it is matched with
    #[command(after_help = "\
examples:
  huying offer done 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --result '操场周六开放'")]
    Done {
        /// Its id
        id: String,
        /// What came of it
        #[arg(long, value_name = "TEXT")]
        result: String,
    },
    /// Take it back; what it was matched with waits again
    #[command(after_help = "\
examples:
  huying offer withdraw 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --reason '操场翻修'")]
    Withdraw {
        /// Its id
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 评价: how a side found it, each side once
    #[command(after_help = "\
examples:
  huying offer rate 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --side community --score 5 --comment '孩子有地方去了'")]
    Rate {
        /// Its id
        id: String,
        /// Which side rates
        #[arg(long, value_parser = words::parser::<OfferSide>())]
        side: OfferSide,
        /// 1 to 5, 5 is best
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=5))]
        score: u32,
        /// In its words
        #[arg(long, value_name = "TEXT", default_value = "")]
        comment: String,
    },
    /// One, by id
    #[command(after_help = "\
examples:
  huying offer show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
    Show {
        /// Its id
        id: String,
    },
    /// Newest first
    #[command(after_help = "\
examples:
  huying offer list --area 420102003 --kind need
  huying offer list --side resident_unit --state done")]
    List(Listing),
}

#[derive(Debug, Args)]
pub struct Making {
    /// What it is
    title: String,
    /// Offered, or needed
    #[arg(long, value_parser = words::parser::<OfferKind>(), default_value = "service")]
    kind: OfferKind,
    /// Whose it is
    #[arg(long, value_parser = words::parser::<OfferSide>(), default_value = "resident_unit")]
    side: OfferSide,
    /// What the unit or the community is called
    #[arg(long, value_name = "TEXT")]
    party: String,
    /// Where
    #[arg(long, value_name = "CODE")]
    area: String,
    /// More of it
    #[arg(long, value_name = "TEXT", default_value = "")]
    text: String,
    /// Whom to speak with
    #[arg(long, value_name = "TEXT", default_value = "")]
    contact: String,
    /// Until when it stands
    #[arg(long, value_name = "TIME", value_parser = session::moment)]
    until: Option<Moment>,
    /// The unit that enters it; the district's desk if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
}

#[derive(Debug, Args)]
pub struct Listing {
    /// Only those in this area
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Only these
    #[arg(long, value_parser = words::parser::<OfferKind>())]
    kind: Option<OfferKind>,
    /// Only of this side
    #[arg(long, value_parser = words::parser::<OfferSide>())]
    side: Option<OfferSide>,
    /// Only those that stand so
    #[arg(long, value_parser = words::parser::<OfferState>())]
    state: Option<OfferState>,
    #[command(flatten)]
    most: Most,
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let mut desk = client.offers(&Who::Desk { area: client.district()? })?;
        let key = request_id();
        let done = match self {
            Self::Make(making) => making.make(&client).await?,
            Self::List(listing) => return listing.run(session, &client).await,
            Self::Show { id } => desk.get_offer(GetOfferRequest { id }).await?.into_inner(),
            Self::Match { id, with: counterpart, request } => {
                let version = version(&client, &id).await?;
                let step = MatchOfferRequest { request_id: key, id, version, counterpart, request };
                desk.match_offer(step).await?.into_inner()
            }
            Self::Done { id, result } => {
                let version = version(&client, &id).await?;
                let step = CompleteOfferRequest { request_id: key, id, version, result };
                desk.complete_offer(step).await?.into_inner()
            }
            Self::Withdraw { id, reason } => {
                let version = version(&client, &id).await?;
                let step = WithdrawOfferRequest { request_id: key, id, version, reason };
                desk.withdraw_offer(step).await?.into_inner()
            }
            Self::Rate { id, side, score, comment } => {
                let (version, side) = (version(&client, &id).await?, side.into());
                let step = RateOfferRequest { request_id: key, id, version, side, score, comment };
                desk.rate_offer(step).await?.into_inner()
            }
        };
        one(session, &client, &done)
    }
}

/// As it is now: whoever types has just looked at it.
async fn version(client: &Client, id: &str) -> anyhow::Result<i64> {
    let mut desk = client.offers(&Who::Desk { area: client.district()? })?;
    Ok(desk.get_offer(GetOfferRequest { id: id.to_owned() }).await?.into_inner().version)
}

impl Making {
    async fn make(self, client: &Client) -> anyhow::Result<Offer> {
        let district = client.district()?;
        let who = match &self.unit {
            Some(unit) => client.of_unit(unit).await?,
            None => Who::Desk { area: district.clone() },
        };
        let content = OfferContent {
            kind: self.kind.into(),
            side: self.side.into(),
            party: self.party,
            title: self.title,
            text: self.text,
            contact: self.contact,
            until_time: self.until.map(|until| instant::write(until.at(client))),
        };
        let request =
            MakeOfferRequest { request_id: request_id(), district, area: self.area, content: Some(content) };
        Ok(client.offers(&who)?.make_offer(request).await?.into_inner())
    }
}

impl Listing {
    async fn run(self, session: &Session, client: &Client) -> anyhow::Result<()> {
        let mut reader = client.offers(&client.reader()?)?;
        let filter = ListOffersRequest {
            district: client.district()?,
            area: self.area,
            kind: self.kind.unwrap_or(OfferKind::Unspecified).into(),
            side: self.side.unwrap_or(OfferSide::Unspecified).into(),
            state: self.state.unwrap_or(OfferState::Unspecified).into(),
            ..Default::default()
        };
        let offers = self
            .most
            .collect(async |page_size, page_token| {
                let page = ListOffersRequest { page_size, page_token, ..filter.clone() };
                let page = reader.list_offers(page).await?.into_inner();
                Ok((page.offers, page.next_page_token))
            })
            .await?;
        session.out.list(&["kind", "side", "party", "title", "area", "state", "id"], &offers, |it| {
            let content = it.content.clone().unwrap_or_default();
            vec![
                content.kind().chinese().to_owned(),
                content.side().chinese().to_owned(),
                content.party,
                content.title,
                it.area.clone(),
                it.state().chinese().to_owned(),
                it.id.clone(),
            ]
        })
    }
}

fn one(session: &Session, client: &Client, offer: &Offer) -> anyhow::Result<()> {
    let rating = |it: &OfferRating| {
        format!("{} {} {}", it.side().chinese(), it.score, set_in(&it.comment)).trim_end().to_owned()
    };
    let content = offer.content.clone().unwrap_or_default();
    session.out.one(offer, |it| {
        vec![
            ("id", it.id.clone()),
            ("kind", content.kind().both()),
            ("side", content.side().both()),
            ("party", content.party.clone()),
            ("title", content.title.clone()),
            ("text", content.text.clone()),
            ("contact", content.contact.clone()),
            ("until", client.when(content.until_time.as_ref())),
            ("area", it.area.clone()),
            ("state", it.state().both()),
            ("forum", it.forum.clone()),
            ("matched with", format!("{}{}", it.counterpart, it.request)),
            ("result", it.result.clone()),
            ("ratings", it.ratings.iter().map(rating).collect::<Vec<_>>().join("\n")),
            ("entered by", it.unit.clone()),
            ("entered", client.when(it.make_time.as_ref())),
            ("version", it.version.to_string()),
        ]
    })
}
