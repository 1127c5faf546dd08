//! `huying rating`: units that worked on a case together rate each other.

use clap::Subcommand;
use huying_proto::evaluation::v1::{
    JudgeCallRequest, ListRatingsRequest, RateUnitRequest, Rating, RatingKind, RatingReason, Satisfaction,
};

use super::Session;
use super::case::find;
use super::names::Names;
use super::page::{Most, head};
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// Ratings between units that worked on a case together (基层评部门、呼叫适当)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying rating give JA-20261122-000001 DEP-yuanlin --by S-420102003 --satisfaction satisfied
  huying rating call JA-20261122-000001 S-420102003 --by DEP-yuanlin --reason unneeded
  huying rating list --unit DEP-yuanlin")]
pub enum Command {
    /// Rate the street above, or a department that came, within 15 days after the case was resolved
    #[command(after_help = "\
examples:
  huying rating give JA-20261122-000001 DEP-yuanlin --by S-420102003 --satisfaction satisfied
  huying rating give JA-20261122-000001 S-420102003 --by C-420102003002 --satisfaction unsatisfied --reason slow '三天才回话'")]
    Give {
        /// The number of the case, or its id
        #[arg(value_name = "NUMBER")]
        case: String,
        /// The unit that is rated
        unit: String,
        /// The unit that rates
        #[arg(long, value_name = "CODE")]
        by: String,
        /// How satisfied it is
        #[arg(long, value_parser = words::parser::<Satisfaction>())]
        satisfaction: Satisfaction,
        /// Why, where it is not satisfied; may be given again
        #[arg(long = "reason", value_name = "WORD", value_parser = words::parser::<RatingReason>())]
        reasons: Vec<RatingReason>,
        /// In its words
        #[arg(default_value = "")]
        comment: String,
    },
    /// Say as a called department whether it was apt to call it: it was, unless there is a reason
    #[command(after_help = "\
examples:
  huying rating call JA-20261122-000001 S-420102003 --by DEP-yuanlin
  huying rating call JA-20261122-000001 S-420102003 --by DEP-yuanlin --reason not-responsible '属供电公司管理'")]
    Call {
        /// The number of the case, or its id
        #[arg(value_name = "NUMBER")]
        case: String,
        /// The unit that called
        unit: String,
        /// The called unit
        #[arg(long, value_name = "CODE")]
        by: String,
        /// Why it was not apt; may be given again
        #[arg(long = "reason", value_name = "WORD", value_parser = words::parser::<RatingReason>())]
        reasons: Vec<RatingReason>,
        /// In its words
        #[arg(default_value = "")]
        comment: String,
    },
    /// The newest first
    #[command(after_help = "\
examples:
  huying rating list
  huying rating list --unit DEP-yuanlin
  huying rating list --by S-420102003 -o json")]
    List {
        /// Only of this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        /// Only by this unit
        #[arg(long, value_name = "CODE", default_value = "", conflicts_with = "unit")]
        by: String,
        #[command(flatten)]
        most: Most,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let rating = match self {
            Self::List { unit, by, most } => {
                let district = client.district()?;
                let filter = ListRatingsRequest { district, unit, rater: by, ..Default::default() };
                return list(session, &client, filter, most).await;
            }
            Self::Give { case, unit, by, satisfaction, reasons, comment } => {
                let case = find(&client, &client.reader()?, &case).await?.id;
                let (satisfaction, reasons) = (satisfaction.into(), codes(reasons));
                let request_id = request_id();
                let request = RateUnitRequest { request_id, case, unit, satisfaction, reasons, comment };
                client.ratings(&client.of_unit(&by).await?)?.rate_unit(request).await?.into_inner()
            }
            Self::Call { case, unit, by, reasons, comment } => {
                let case = find(&client, &client.reader()?, &case).await?.id;
                let (apt, reasons, request_id) = (reasons.is_empty(), codes(reasons), request_id());
                let request = JudgeCallRequest { request_id, case, unit, apt, reasons, comment };
                client.ratings(&client.of_unit(&by).await?)?.judge_call(request).await?.into_inner()
            }
        };
        let mut names = Names::new(&client)?;
        names.learn_units([&rating.unit, &rating.rater]).await?;
        head(session, &client, &rating.number)?;
        session.out.one(&rating, |rating| fields(&client, &names, rating))
    }
}

fn codes(reasons: Vec<RatingReason>) -> Vec<i32> {
    reasons.into_iter().map(Into::into).collect()
}

async fn list(
    session: &Session,
    client: &Client,
    filter: ListRatingsRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut ratings = client.ratings(&Who::Leader { area: client.district()? })?;
    let listed = most
        .collect(async |page_size, page_token| {
            let page = ListRatingsRequest { page_size, page_token, ..filter.clone() };
            let page = ratings.list_ratings(page).await?.into_inner();
            Ok((page.ratings, page.next_page_token))
        })
        .await?;
    let mut names = Names::new(client)?;
    names.learn_units(listed.iter().flat_map(|it| [&it.unit, &it.rater])).await?;
    head(session, client, "ratings 单位互评")?;
    session.out.list(&["number", "kind", "by", "unit", "said", "why", "comment", "rated"], &listed, |it| {
        vec![
            it.number.clone(),
            it.kind().chinese().to_owned(),
            names.beside(&it.rater),
            names.beside(&it.unit),
            said(it),
            why(it),
            it.comment.chars().take(24).collect(),
            client.when(it.rate_time.as_ref()),
        ]
    })
}

fn fields(client: &Client, names: &Names, rating: &Rating) -> Vec<(&'static str, String)> {
    vec![
        ("number", rating.number.clone()),
        ("id", rating.id.clone()),
        ("kind", rating.kind().both()),
        ("by", names.beside(&rating.rater)),
        ("unit", names.beside(&rating.unit)),
        ("said", said(rating)),
        ("why", why(rating)),
        ("comment", rating.comment.clone()),
        ("rated", client.when(rating.rate_time.as_ref())),
    ]
}

fn said(rating: &Rating) -> String {
    match (rating.kind(), rating.apt) {
        (RatingKind::Aptness, Some(true)) => "适当".to_owned(),
        (RatingKind::Aptness, Some(false) | None) => "不适当".to_owned(),
        (RatingKind::Grassroots | RatingKind::Unspecified, _) => rating.satisfaction().chinese().to_owned(),
    }
}

fn why(rating: &Rating) -> String {
    rating.reasons().map(|reason| reason.chinese()).collect::<Vec<_>>().join("、")
}
