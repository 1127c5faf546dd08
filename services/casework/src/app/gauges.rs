//! What whoever runs casework should know of it besides what every service tells.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use huying_chassis::gauges::OwnGauge;

use super::App;

impl App {
    /// The years that running clocks reach and whose holidays are not entered, each with the number of districts.
    pub fn gauges(&self) -> Vec<OwnGauge> {
        // What is only looked at must not keep the log, and with it the committer, from ending.
        let profiles = Arc::downgrade(&self.world.profiles);
        let read = move |now: DateTime<Utc>| {
            let mut districts = BTreeMap::new();
            for profile in profiles.upgrade().iter().flat_map(|it| it.all()) {
                let today = now.with_timezone(&profile.calendar.zone).date_naive();
                for year in profile.calendar.years_missing(today) {
                    *districts.entry(year.to_string()).or_insert(0) += 1;
                }
            }
            districts.into_iter().collect()
        };
        vec![OwnGauge {
            name: "huying_calendar_missing_districts",
            help: "Districts whose calendar lacks some of a year's seven festivals, while clocks run into that year",
            label: "year",
            read: Arc::new(read),
        }]
    }
}
