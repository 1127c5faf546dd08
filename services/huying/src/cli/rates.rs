//! `huying rates`: the three rates (三率) by unit and period.

use chrono::{DateTime, Duration, Utc};
use clap::Args;
use huying_chassis::clock::system_now;
use huying_proto::evaluation::v1::{self as pb, GetRatesRequest};
use pbjson_types::Timestamp;

use super::{Session, session};

/// Response, resolution and satisfaction rate by unit (三率)
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying rates
  huying rates --from 2026-11-01 --to 2026-12-01
  huying rates --unit S-420102003 -o json")]
pub struct Rates {
    /// Callbacks judged from then on; 30 days ago if not given
    #[arg(long, value_name = "DAY", value_parser = session::instant)]
    from: Option<DateTime<Utc>>,
    /// And before then; now if not given
    #[arg(long, value_name = "DAY", value_parser = session::instant)]
    to: Option<DateTime<Utc>>,
    /// Only this unit
    #[arg(long, value_name = "CODE", default_value = "")]
    unit: String,
}

impl Rates {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let to = self.to.unwrap_or_else(system_now);
        let from = self.from.unwrap_or(to - Duration::days(30));
        let request = GetRatesRequest {
            district: client.district()?,
            from_time: Some(timestamp(from)),
            to_time: Some(timestamp(to)),
            unit: self.unit,
        };
        let rates = client.rates(&client.reader()?)?.get_rates(request).await?.into_inner();
        let all: Vec<pb::Rates> = rates.total.into_iter().chain(rates.units).collect();
        let header = ["unit", "valid", "响应率", "解决率", "满意率", "score"];
        session.out.list(&header, &all, |rates| {
            let percent = |rate: f64| format!("{:.1} %", rate * 100.0);
            vec![
                if rates.unit.is_empty() { "全区".to_owned() } else { rates.unit.clone() },
                rates.valid.to_string(),
                percent(rates.response_rate),
                percent(rates.resolution_rate),
                percent(rates.satisfaction_rate),
                percent(rates.score),
            ]
        })
    }
}

pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).unwrap_or(0);
    Timestamp { seconds: at.timestamp(), nanos }
}
