//! `huying rates`: the three rates (三率) by unit and period.

use chrono::Duration;
use clap::Args;
use huying_chassis::clock::system_now;
use huying_proto::evaluation::v1::{self as pb, GetRatesRequest};
use huying_wire::instant;

use super::Session;
use super::names::Names;
use super::page::head;
use super::session::{self, Moment};

/// Response, resolution and satisfaction rate by unit (三率)
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying rates
  huying rates --from 2026-11-01 --to 2026-12-01
  huying rates --unit S-420102003 -o json")]
pub struct Rates {
    /// Callbacks judged from then on; 30 days ago if not given
    #[arg(long, value_name = "DAY", value_parser = session::moment)]
    from: Option<Moment>,
    /// And before then; now if not given
    #[arg(long, value_name = "DAY", value_parser = session::moment)]
    to: Option<Moment>,
    /// Only this unit
    #[arg(long, value_name = "CODE", default_value = "")]
    unit: String,
}

impl Rates {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let to = self.to.map_or_else(system_now, |to| to.at(&client));
        let from = self.from.map_or(to - Duration::days(30), |from| from.at(&client));
        let request = GetRatesRequest {
            district: client.district()?,
            from_time: Some(instant::write(from)),
            to_time: Some(instant::write(to)),
            unit: self.unit,
        };
        let rates = client.rates(&client.reader()?)?.get_rates(request).await?.into_inner();
        let all: Vec<pb::Rates> = rates.total.into_iter().chain(rates.units).collect();
        if session.out.is_json() {
            return session.out.list(&[], &all, |_| Vec::new());
        }
        let mut names = Names::new(&client)?;
        names.learn_units(all.iter().map(|it| &it.unit)).await?;
        let day = |at| client.local(at, "%Y-%m-%d %H:%M");
        head(session, &client, &format!("rates 三率 {} – {}", day(from), day(to)))?;
        let header = ["unit", "valid", "响应率", "解决率", "满意率", "score"];
        session.out.list(&header, &all, |rates| {
            let percent = |rate: f64| format!("{:.1} %", rate * 100.0);
            vec![
                if rates.unit.is_empty() { "全区".to_owned() } else { names.beside(&rates.unit) },
                rates.valid.to_string(),
                percent(rates.response_rate),
                percent(rates.resolution_rate),
                percent(rates.satisfaction_rate),
                percent(rates.score),
            ]
        })
    }
}
