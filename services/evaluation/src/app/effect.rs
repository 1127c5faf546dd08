//! 一降一升: whether fewer call and more are satisfied.

use huying_chassis::status::Problem;

use super::App;
use crate::domain::{
    figure::{
        Channel,
        effect::{Effect, Level, Levels, SATISFACTION},
    },
    wanted::Rates,
};

impl App {
    /// How many called in a period, and how satisfied they were, beside the times it is compared with; `wanted` is told by channel. One that is not
    /// over is told of its days that are over, beside the same days of the time before and of the year before: today is no whole day yet, and
    /// would stand beside whole ones.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any figure; the store is away.
    pub async fn effect(&self, wanted: &Rates) -> Result<Effect, Problem> {
        let counted_at = self.count().await?;
        let (profile, _) = self.profile_or_default(&wanted.district).await?;
        let rules = profile.rules();
        let rate = rules.rates.iter().find(|rate| rate.code == SATISFACTION);
        let (today, _) = self.days(profile.calendar.zone);
        let now = wanted.period.until(today);
        let mut levels = Vec::with_capacity(3);
        for period in [Some(now), wanted.period.before_until(today), now.last_year()] {
            let (whole, by_channel) = self.counted(wanted, &[], period).await?;
            if levels.is_empty() {
                self.require_counted(&wanted.district, &whole).await?;
            }
            let hotline = by_channel.get(Channel::Hotline.name());
            let hotline = hotline.map(|counts| Level::of(counts, rate)).unwrap_or_default();
            levels.push((Level::of(&whole, rate), hotline));
        }
        let of = |part: fn(&(Level, Level)) -> Level| {
            let mut all = levels.iter().map(part);
            let mut next = || all.next().unwrap_or_default();
            Levels { now: next(), before: next(), last_year: next() }
        };
        Ok(Effect { whole: of(|it| it.0), hotline: of(|it| it.1), counted_at })
    }
}
