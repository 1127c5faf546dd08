//! `huying signs`: 苗头, what the figures show before anybody asks.

use clap::Args;
use huying_proto::evaluation::v1::{ListSignsRequest, Sign};

use super::Session;
use super::names::Names;
use super::page::{Most, head};
use crate::words::Word;

/// Early signs (苗头): surges of a category in an area, what piles up and who calls again and again, the newest first
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying signs
  huying signs -n 10 -o json")]
pub struct Signs {
    #[command(flatten)]
    most: Most,
}

impl Signs {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let (mut signs, district) = (client.signs(&client.reader()?)?, client.district()?);
        let listed = self
            .most
            .collect(async |page_size, page_token| {
                let page = ListSignsRequest { district: district.clone(), page_size, page_token };
                let page = signs.list_signs(page).await?.into_inner();
                Ok((page.signs, page.next_page_token))
            })
            .await?;
        let mut names = Names::new(&client)?;
        if !session.out.is_json() {
            names.learn_areas(listed.iter().map(|it| &it.area)).await?;
        }
        head(session, &client, "signs 苗头")?;
        session.out.list(&["day", "kind", "area", "category", "number", "beside"], &listed, |it| {
            vec![
                it.date.clone(),
                it.kind().chinese().to_owned(),
                names.beside(&it.area),
                it.category.clone(),
                it.number.to_string(),
                beside(it),
            ]
        })
    }
}

/// What the number is to be seen beside.
fn beside(sign: &Sign) -> String {
    let usual = sign.usual.map(|usual| format!("平时 {usual:.1}"));
    let open = sign.open.map(|open| format!("在办 {open}"));
    let first = (!sign.request.is_empty()).then(|| format!("首件 {}", sign.request));
    usual.or(open).or(first).unwrap_or_default()
}
