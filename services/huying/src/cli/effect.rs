//! `huying effect`: 一降一升, whether fewer call and more are satisfied.

use chrono::{Months, NaiveDate};
use clap::Args;
use huying_chassis::clock::system_now;
use huying_evaluation::domain::figure::period::{self, Period};
use huying_proto::evaluation::v1::{self as pb, GetEffectRequest};

use super::Session;
use super::page::head;
use super::rates::percent;

/// Hotline effect (一降一升): requests and satisfaction beside the time before and a year ago
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying effect --month 2026-06
  huying effect --month 2026-06 --until 2026-10
  huying effect --month 2026-06 --area 420102003 -o json")]
pub struct Effect {
    /// The month; the one before this one if not given
    #[arg(long, value_name = "YYYY-MM", value_parser = month)]
    month: Option<NaiveDate>,
    /// The last month, where it is several
    #[arg(long, value_name = "YYYY-MM", value_parser = month, requires = "month")]
    until: Option<NaiveDate>,
    /// Only this street or community
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
}

impl Effect {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let today: NaiveDate = client.local(system_now(), "%Y-%m-%d").parse()?;
        let from = self.month.or_else(|| period::month(today).checked_sub_months(Months::new(1)));
        let from = from.unwrap_or(today);
        let to = self.until.unwrap_or(from).checked_add_months(Months::new(1)).unwrap_or(from);
        let request = GetEffectRequest {
            district: client.district()?,
            area: self.area,
            from_date: from.to_string(),
            to_date: to.to_string(),
        };
        let told = client.effects(&client.reader()?)?.get_effect(request).await?.into_inner();
        if session.out.is_json() {
            return session.out.one(&told, |_| Vec::new());
        }
        let told_of = Period { from, to }.until(today).to;
        let last = told_of.pred_opt().unwrap_or(told_of);
        head(session, &client, &format!("effect 一降一升 {from} – {last}"))?;
        let rows = [("全部", told.whole), ("热线", told.hotline)];
        let header = ["", "诉求", "环比", "同比", "满意率", "环比", "同比", "一降一升"];
        session.out.list(&header, &rows, |(name, effect)| row(name, effect.as_ref()))
    }
}

fn row(name: &str, effect: Option<&pb::Effect>) -> Vec<String> {
    let effect = effect.copied().unwrap_or_default();
    let both = [effect.before.unwrap_or_default(), effect.last_year.unwrap_or_default()];
    let volume = both.iter().map(|it| signed(it.volume_change, " %"));
    let satisfaction = both.iter().map(|it| signed(it.satisfaction_change, ""));
    let better = both.map(|it| it.better.map_or("–", |better| if better { "是" } else { "否" })).join(" / ");
    [name.to_owned(), effect.volume.to_string()]
        .into_iter()
        .chain(volume)
        .chain([percent(effect.satisfaction)])
        .chain(satisfaction)
        .chain([better])
        .collect()
}

/// A share in hundreds with its sign; a dash where there is none.
fn signed(change: Option<f64>, unit: &str) -> String {
    change.map_or_else(|| "–".to_owned(), |change| format!("{:+.1}{unit}", change * 100.0))
}

/// The first day of a month, `2026-06`.
fn month(text: &str) -> Result<NaiveDate, String> {
    let first = (text.len() == 7).then(|| format!("{text}-01").parse().ok()).flatten();
    first.ok_or_else(|| format!("'{text}' is no month: write one such as 2026-06"))
}
