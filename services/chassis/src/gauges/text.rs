//! What was looked up, in the text form of Prometheus. The registry lives as long as one answer, so that what is no more is not told again.

use prometheus::{GaugeVec, Opts, Registry, TextEncoder};

use super::{Look, Watched, ask::Found};
use crate::follow::Progress;

pub(super) fn of(watched: &Watched, look: &Look) -> String {
    let told = || {
        let page = Page { registry: Registry::new(), service: watched.service };
        page.process(watched, look)?;
        if let Some(found) = &look.found {
            page.tables(found)?;
        }
        TextEncoder::new().encode_to_string(&page.registry.gather())
    };
    told().unwrap_or_else(|error| format!("# {error}\n"))
}

struct Page {
    registry: Registry,
    service: &'static str,
}

impl Page {
    fn gauge(&self, name: &str, help: &str, labels: &[&str]) -> prometheus::Result<GaugeVec> {
        let gauge = GaugeVec::new(Opts::new(name, help).const_label("service", self.service), labels)?;
        self.registry.register(Box::new(gauge.clone()))?;
        Ok(gauge)
    }

    fn one(&self, name: &str, help: &str, value: f64) -> prometheus::Result<()> {
        let none: &[&str] = &[];
        self.gauge(name, help, none)?.with_label_values(none).set(value);
        Ok(())
    }

    /// What is known without the database.
    fn process(&self, watched: &Watched, look: &Look) -> prometheus::Result<()> {
        self.one(
            "huying_gauges_age_seconds",
            "Since the tables were read: when it is not 0, the values read from them are old",
            look.age.as_secs_f64(),
        )?;
        self.one(
            "huying_committer_busy_seconds",
            "How long the committer has been at one group",
            watched.committer.busy_for().as_secs_f64(),
        )?;
        if let Some(anchored) = &watched.anchored {
            self.one(
                "huying_anchor_interval_seconds",
                "From one anchor of the log to the next",
                anchored.every().as_secs_f64(),
            )?;
        }
        let leads = self.gauge("huying_leads", "1: this replica does the task", &["task"])?;
        for (task, leading) in &watched.leading {
            leads.with_label_values(&[task]).set(f64::from(u8::from(leading.is_so())));
        }
        let age = self.gauge(
            "huying_follow_reconciled_age_seconds",
            "Since a source's whole log was compared with the marks and nothing was missing",
            &["source"],
        )?;
        let owed = self.gauge(
            "huying_follow_owed",
            "Aggregates found behind that could not be caught up yet",
            &["source"],
        )?;
        for one in watched.progress.iter().flat_map(Progress::all) {
            age.with_label_values(&[one.source]).set(one.age.as_secs_f64());
            owed.with_label_values(&[one.source]).set(one.owed as f64);
        }
        for own in &watched.own {
            let gauge = self.gauge(own.name, own.help, &[own.label])?;
            for (label, number) in (own.read)(watched.clock.now()) {
                gauge.with_label_values(&[label]).set(number as f64);
            }
        }
        Ok(())
    }

    fn tables(&self, found: &Found) -> prometheus::Result<()> {
        self.one("huying_relay_lag_seconds", "Age of the oldest entry that is not published", found.lag)?;
        self.one(
            "huying_relay_unpublished",
            "Entries that are not published, up to 10,000",
            found.unpublished as f64,
        )?;
        self.one(
            "huying_log_epoch",
            "The log's epoch, which a restored database raises",
            found.epoch as f64,
        )?;
        if let Some(blocker) = &found.horizon {
            let pid = if blocker.pid == 0 { String::new() } else { blocker.pid.to_string() };
            self.gauge(
                "huying_horizon_age_seconds",
                "Age of the cluster's oldest running transaction, which holds back what is published; whose it is when over a second",
                &["pid", "application"],
            )?
            .with_label_values(&[pid.as_str(), &blocker.application])
            .set(blocker.age);
        }
        self.anchored(found)?;
        let overdue = self.gauge(
            "huying_timer_overdue_seconds",
            "For how long what is due the longest is due, by timer",
            &["kind", "timer"],
        )?;
        for (timer, age) in &found.overdue {
            overdue.with_label_values(timer).set(*age);
        }
        let letters = self.gauge(
            "huying_dead_letters",
            "Aggregates parked by an event that could not be applied, up to 10,000",
            &["source", "reason"],
        )?;
        for (source, reason, number) in &found.letters {
            letters.with_label_values(&[source, reason]).set(*number as f64);
        }
        for (table, numbers) in &found.tables {
            let gauge = self.gauge(table.name, table.help, table.labels)?;
            for (labels, number) in numbers {
                gauge.get_metric_with_label_values(labels)?.set(*number);
            }
        }
        Ok(())
    }

    fn anchored(&self, found: &Found) -> prometheus::Result<()> {
        let waiting = self.gauge(
            "huying_anchor_waiting_seconds",
            "Age of the oldest entry that is in no anchor of the place; 0 when all are",
            &["place"],
        )?;
        let age = self.gauge(
            "huying_anchor_age_seconds",
            "Since the newest anchor of the place was made",
            &["place"],
        )?;
        for one in &found.anchored {
            waiting.with_label_values(&[one.place]).set(one.waiting);
            if let Some(made) = one.age {
                age.with_label_values(&[one.place]).set(made);
            }
        }
        Ok(())
    }
}
