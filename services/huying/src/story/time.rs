//! How time passes in a story: some minutes from step to step, or at once until a day and an hour, and what has come of it by itself.

use std::time::Duration;

use anyhow::{Context, ensure};
use chrono::{DateTime, Days, TimeDelta, Utc};
use huying_proto::casework::v1::{Clock, ClockKind, GetHistoryRequest, HistoryEntry};
use huying_proto::common::v1::Lamp;

use super::stage::{Play, eventually, short};
use super::tale::Then;
use crate::words::Word;

impl Play<'_> {
    /// From one step to the next.
    pub(super) fn pass(&self) {
        if let Some(time) = self.time {
            time.advance(Duration::from_secs(60 * self.tale.minutes.unsigned_abs()));
        }
    }

    /// The local day in so many days, as it is written.
    pub(super) fn day(&self, days: u64) -> String {
        let today = self.client.local(self.screen.at(), "%Y-%m-%d").parse::<chrono::NaiveDate>();
        let day = today.ok().and_then(|today| today.checked_add_days(Days::new(days)));
        day.map_or_else(String::new, |day| day.to_string())
    }

    pub(super) async fn later(&mut self, days: i64, at: (u32, u32), then: &[Then]) -> anyhow::Result<()> {
        let time = self.time.context("a story in which days pass has a clock of its own")?;
        let (since, version) = (time.now() - TimeDelta::minutes(self.tale.minutes), self.case.version);
        let until = self.instant(days, at)?;
        ensure!(until > time.now(), "{until} is over already");
        let before = Stands { case: self.case.clocks.clone(), dispatches: self.dispatches.clone() };
        time.set(until);
        self.screen.jump(since)?;
        for then in then {
            match *then {
                Then::Lamp(kind, lamp) => Box::pin(self.turns(kind, lamp, &before)).await?,
                Then::Theirs(unit, kind, lamp) => Box::pin(self.theirs(unit, kind, lamp, &before)).await?,
                Then::Silent(unit, times) => Box::pin(self.silent(unit, times)).await?,
                Then::Event(name, words) => Box::pin(self.event(name, words, version)).await?,
            }
        }
        Ok(())
    }

    /// So many days from the story's today, at a time of day there.
    fn instant(&self, days: i64, (hour, minute): (u32, u32)) -> anyhow::Result<DateTime<Utc>> {
        let now = DateTime::parse_from_str(&self.client.local(self.screen.at(), "%F %T %z"), "%F %T %z")?;
        let day = now.date_naive() + TimeDelta::days(days);
        let at = day.and_hms_opt(hour, minute, 0).context("there is no such time of day")?;
        let at = at.and_local_timezone(now.timezone()).single().context("there is no such time there")?;
        Ok(at.to_utc())
    }

    async fn turns(&mut self, kind: ClockKind, lamp: Lamp, before: &Stands) -> anyhow::Result<()> {
        let clock = Box::pin(self.until_lamp(None, kind, lamp)).await?;
        let place = Box::pin(self.place()).await?;
        self.screen.turned(&place, lamp_of(&before.case, kind), &clock)
    }

    async fn theirs(
        &mut self,
        unit: &str,
        kind: ClockKind,
        lamp: Lamp,
        before: &Stands,
    ) -> anyhow::Result<()> {
        let clock = Box::pin(self.until_lamp(Some(unit), kind, lamp)).await?;
        let was = before.dispatches.iter().find(|dispatch| dispatch.unit == unit);
        let name = Box::pin(self.name(unit)).await?;
        self.screen.turned(&name, was.map_or(Lamp::Unspecified, |was| lamp_of(&was.clocks, kind)), &clock)
    }

    /// Waits until a clock shows a lamp: the case's, or a called unit's.
    async fn until_lamp(&mut self, unit: Option<&str>, kind: ClockKind, lamp: Lamp) -> anyhow::Result<Clock> {
        loop_until(self, &format!("the {} clock turns {}", kind.english(), lamp.english()), |play| {
            let clocks = match unit {
                Some(unit) => &play.dispatch(unit)?.clocks,
                None => &play.case.clocks,
            };
            let clock = clocks.iter().find(|clock| clock.kind() == kind);
            let clock = clock.with_context(|| format!("there is no {} clock", kind.english()))?;
            Ok((clock.lamp() == lamp).then_some(*clock).ok_or_else(|| clock.lamp().both()))
        })
        .await
    }

    async fn silent(&mut self, unit: &str, times: u32) -> anyhow::Result<()> {
        let arbiter = loop_until(self, &format!("{unit} is silent"), |play| {
            let it = play.dispatch(unit)?;
            let so = it.silent && it.silences == times;
            Ok(so.then(|| it.arbiter_name.clone()).ok_or_else(|| format!("silent {} times", it.silences)))
        })
        .await?;
        let name = Box::pin(self.name(unit)).await?;
        self.screen.by_itself(
            &name,
            "逾期未报到 silent",
            &format!("第 {times} 次，由{}裁定", short(&arbiter)),
        )
    }

    /// Waits until the history has it since a version, and tells it.
    async fn event(&mut self, name: &str, words: &str, version: i64) -> anyhow::Result<()> {
        let (client, reader, id) = (self.client, self.reader.clone(), self.case.id.clone());
        let found: HistoryEntry = eventually(&format!("{name} in the history"), || async {
            let request = GetHistoryRequest { id: id.clone(), from_version: version + 1, page_size: 1000 };
            let entries = client.cases(&reader)?.get_history(request).await?.into_inner().entries;
            let mut found = entries.iter().filter(|entry| entry.event == name && entry.text.contains(words));
            Ok(found.next().cloned().ok_or_else(|| {
                let there: Vec<_> =
                    entries.iter().map(|entry| format!("{} {}", entry.event, entry.text)).collect();
                format!("there is {}", there.join(", "))
            }))
        })
        .await?;
        Box::pin(self.look()).await?;
        // A text begins with the unit that is told, or with the level.
        let (first, rest) = found.text.split_once(' ').unwrap_or(("", &found.text));
        let (what, unit) = match name {
            "CaseToldUpward" => ("告知上级 tell", first),
            "CaseSupervised" => ("催办 urge", self.case.holder.as_str()),
            other => (other, ""),
        };
        let told = match self.client.unit(unit).await {
            Ok(unit) => format!("→ [{}] {}：{rest}", unit.tier().chinese(), short(&unit.name)),
            Err(_) => found.text.clone(),
        };
        self.screen.by_itself("到点自动 by the clock", what, &told)
    }
}

/// How the clocks stood before time passed.
struct Stands {
    case: Vec<Clock>,
    dispatches: Vec<huying_proto::casework::v1::Dispatch>,
}

fn lamp_of(clocks: &[Clock], kind: ClockKind) -> Lamp {
    let clock = clocks.iter().find(|clock| clock.kind() == kind);
    clock.map_or(Lamp::Unspecified, Clock::lamp)
}

/// Looks at the case and its dispatches again and again until it is so.
async fn loop_until<T>(
    play: &mut Play<'_>,
    what: &str,
    so: impl Fn(&Play<'_>) -> anyhow::Result<Result<T, String>>,
) -> anyhow::Result<T> {
    let shared = tokio::sync::Mutex::new(play);
    eventually(what, || async {
        let mut play = shared.lock().await;
        Box::pin(play.look()).await?;
        so(&play)
    })
    .await
}
