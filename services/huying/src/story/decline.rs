//! 不予受理: what is hard is declined, and the figures show it: the rates stay what they were, and how much was left out stands beside them.

use anyhow::{Context as _, ensure};
use chrono::{Datelike as _, NaiveDate};
use huying_proto::casework::v1::{AskDeclineRequest, CaseState, GetCaseRequest, Outcome};
use huying_proto::evaluation::v1::{GetRatesRequest, RatesBy, Standing};

use super::stage::{Play, eventually};
use crate::client::request_id;
use crate::words::Word;

impl Play<'_> {
    /// Each of those that are alike, on one ground.
    pub(super) async fn decline_alike(
        &mut self,
        (ground, answer): (&str, &str),
        (by, reason): (&str, &str),
    ) -> anyhow::Result<()> {
        let holder = Box::pin(self.staff(self.tale.holder)).await?;
        let (mut cases, mut named) = (self.client.cases(&holder)?, String::new());
        for at in 0..self.alike.len() {
            let asked = GetCaseRequest { id: self.alike[at].id.clone() };
            let mut now = cases.get_case(asked.clone()).await?.into_inner();
            // Whatever was done before the step was taken again.
            if now.state() != CaseState::Closed {
                if now.approvals.is_empty() {
                    let request = AskDeclineRequest {
                        request_id: request_id(),
                        id: now.id,
                        version: now.version,
                        ground: ground.to_owned(),
                        answer: answer.to_owned(),
                    };
                    now = cases.ask_decline(request).await?.into_inner();
                }
                Box::pin(self.granted(now, by, reason)).await?;
                now = cases.get_case(asked).await?.into_inner();
            }
            ensure!(now.outcome() == Outcome::Declined, "it closed as {}", now.outcome().english());
            named = now.declined.clone().unwrap_or_default().name;
            self.alike[at] = now;
        }
        let count = self.alike.len();
        self.other(self.tale.holder, "申请不予受理 ask", &format!("{count} 件：{named}")).await?;
        self.screen.more(answer)?;
        self.other(by, "同意 grant", &format!("{count} 件 cases：{reason}")).await
    }

    /// What this month's figures say of a unit, as the district reads them.
    pub(super) async fn shows(
        &mut self,
        unit: &str,
        (measure, number): (&str, i64),
        rates: &[(&str, f64)],
    ) -> anyhow::Result<()> {
        let wanted = self.month()?;
        let standing = eventually("the figures show it", || async {
            let told = self.client.rates(&self.reader)?.get_rates(wanted.clone()).await?.into_inner();
            let standing = told.standings.into_iter().find(|it| it.key == unit).unwrap_or_default();
            let counted = counted(&standing, measure);
            let shown = counted == number
                && rates.iter().all(|(code, percent)| at(&standing, code) == Some(*percent));
            Ok(if shown { Ok(told.definitions) } else { Err(format!("{unit} stands at {standing:?}")) })
        })
        .await?;
        let called = |code: &str| {
            let found = standing.iter().find(|it| it.code == code);
            found.map(|it| it.name.clone()).context("there is no such rate")
        };
        let told: Vec<String> = rates
            .iter()
            .map(|(code, percent)| Ok(format!("{} {percent:.1} %", called(code)?)))
            .collect::<anyhow::Result<_>>()?;
        let name = Box::pin(self.name(unit)).await?;
        self.screen.step("[区] 区领导 leader", "看板 rates", &format!("{name} · {}", told.join(" · ")))
    }

    /// By unit, in the month that the story has come to.
    fn month(&self) -> anyhow::Result<GetRatesRequest> {
        let today: NaiveDate = self.day(0).parse()?;
        let from = today.with_day(1).unwrap_or(today);
        let to = today.succ_opt().unwrap_or(today);
        Ok(GetRatesRequest {
            district: self.district.clone(),
            from_date: from.to_string(),
            to_date: to.to_string(),
            by: RatesBy::Unit.into(),
            ..GetRatesRequest::default()
        })
    }
}

fn counted(standing: &Standing, measure: &str) -> i64 {
    standing.counts.iter().find(|it| it.measure == measure).map_or(0, |it| it.number)
}

/// In percent.
fn at(standing: &Standing, code: &str) -> Option<f64> {
    standing.rates.iter().find(|it| it.code == code)?.value.map(|value| value * 100.0)
}
