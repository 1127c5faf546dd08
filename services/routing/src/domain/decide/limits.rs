//! How pressing it is, and by when it must be accepted and resolved.

use chrono::{DateTime, Utc};
use huying_terms::{Limit, LimitKind, Priority, worktime};

use super::{Case, danger, quoted};
use crate::domain::{
    decision::{Part, Reason},
    index::Index,
    profile::Says,
};

/// A limit and when it runs out.
#[derive(Clone, Copy)]
pub(super) struct Due {
    pub limit: Limit,
    pub due_at: DateTime<Utc>,
}

pub(super) struct Pressing {
    pub priority: Priority,
    pub respond: Due,
    pub resolve: Due,
}

/// A limit that may count, and why.
pub(super) struct Choice {
    due: Due,
    rule: &'static str,
    why: String,
}

impl Choice {
    pub(super) fn new(
        index: &Index,
        limit: Limit,
        from: DateTime<Utc>,
        rule: &'static str,
        why: String,
    ) -> Self {
        Self { due: Due { limit, due_at: worktime::due(&index.calendar, from, limit) }, rule, why }
    }

    pub(super) fn sooner_than(&self, due_at: DateTime<Utc>) -> Option<Due> {
        Some(self.due).filter(|due| due.due_at < due_at)
    }

    pub(super) fn explain(&self, index: &Index, part: Part, step: &str) -> Reason {
        let Due { limit, due_at } = self.due;
        let local = due_at.with_timezone(&index.calendar.zone);
        let until = local.format("%Y-%m-%d %H:%M");
        Reason::new(part, self.rule, format!("{}，{}内{step}，即{until}前", self.why, limit.chinese()))
    }
}

/// What a danger is given from when it was known on. Where that was after the submission, it is told as what is left of it from then on, in
/// whole minutes, or hours where these are too many, since that is how a case is given its time.
pub(super) fn in_danger(index: &Index, (since, from): (DateTime<Utc>, DateTime<Utc>), why: String) -> Choice {
    let own = Choice::new(index, index.danger_resolve, from, "danger", why);
    if from <= since {
        return own;
    }
    let left = own.due.due_at - since;
    let of = |kind, amount: i64| {
        let amount = u32::try_from(amount.max(1)).ok().filter(|amount| *amount <= Limit::MOST)?;
        Some(Limit { kind, amount })
    };
    let limit = of(LimitKind::UrgentMinute, left.num_minutes());
    let limit = limit.or_else(|| of(LimitKind::UrgentHour, left.num_hours()));
    let limit = limit.unwrap_or(Limit { kind: LimitKind::UrgentHour, amount: Limit::MOST });
    Choice { due: Due { limit, ..own.due }, ..own }
}

impl Case<'_> {
    /// None only for a directory without default limits, which no check lets pass.
    pub(super) fn pressing(&self, reasons: &mut Vec<Reason>) -> Option<Pressing> {
        let priority = self.priority(reasons);
        let by_priority = self.index.default_limit(priority)?;
        let because = format!("按{}件的一般时限", priority.chinese());
        let respond = self.choice(by_priority.respond, self.now, "priority", because.clone());
        let own = self.ruled_limit(|says| says.respond, self.now).or_else(|| self.category_respond());
        let respond = self.sooner(own, respond, priority);
        let resolve = self.choice(by_priority.resolve, self.since, "priority", because);
        let own = self.ruled_limit(|says| says.resolve, self.since);
        let own = own.or_else(|| self.conditional_resolve()).or_else(|| self.category_resolve());
        let resolve = self.sooner(own, resolve, priority);
        let resolve = self.demanded(resolve);
        let resolve = self.at_most_in_danger(resolve);
        reasons.push(respond.explain(self.index, Part::Respond, "签收"));
        reasons.push(resolve.explain(self.index, Part::Resolve, "办结"));
        Some(Pressing { priority, respond: respond.due, resolve: resolve.due })
    }

    /// Where life is in danger nothing takes longer than the profile says, unless a person decided how pressing it is.
    fn at_most_in_danger(&self, resolve: Choice) -> Choice {
        if self.dangers.is_empty() || self.priority.is_some() {
            return resolve;
        }
        let danger = in_danger(self.index, (self.since, self.endangered_at), "可能危及生命".into());
        if danger.sooner_than(resolve.due.due_at).is_some() { danger } else { resolve }
    }

    /// As danger, the words and the category have it; people who come first and the platform's urgent lamp
    /// raise it, and a person's word is final.
    fn priority(&self, reasons: &mut Vec<Reason>) -> Priority {
        let found = self.priority_of_matter(reasons);
        let settled = self.priority.is_some();
        let found = self.people.as_ref().map_or(found, |known| known.raise(found, settled, reasons));
        if !self.demand.urgent || self.priority.is_some() || found == Priority::Urgent {
            return found;
        }
        let text = format!("来件亮紧急灯，由{}提为{}", found.chinese(), Priority::Urgent.chinese());
        reasons.push(Reason::new(Part::Priority, "urgent_lamp", text));
        Priority::Urgent
    }

    /// The category's, raised by danger and by what its rules read in the words; a person's word is final.
    fn priority_of_matter(&self, reasons: &mut Vec<Reason>) -> Priority {
        let own = self.category.priority;
        if let Some(chosen) = self.priority {
            reasons.push(Reason::new(Part::Priority, "hand", format!("研判席定为{}", chosen.chinese())));
            return chosen;
        }
        if !self.dangers.is_empty() && own < danger::PRIORITY {
            let kinds = self.dangers.iter().map(|it| it.chinese());
            let text = format!(
                "可能危及生命（{}），由{}提为{}",
                kinds.collect::<Vec<_>>().join("、"),
                own.chinese(),
                danger::PRIORITY.chinese()
            );
            reasons.push(Reason::new(Part::Priority, "danger", text));
            return danger::PRIORITY;
        }
        let of_it =
            self.index.rules_in(self.read).filter(|matched| matched.rule.category == self.category.code);
        let raised = of_it.filter_map(|matched| Some((matched.rule.priority?, matched.hits)));
        match raised.max_by_key(|(priority, _)| *priority).filter(|(priority, _)| *priority > own) {
            Some((priority, hits)) => {
                let words = hits.into_iter().map(|hit| hit.said.as_str());
                let text =
                    format!("内容提到{}，由{}提为{}", quoted(words), own.chinese(), priority.chinese());
                reasons.push(Reason::new(Part::Priority, "keyword", text));
                priority
            }
            None => {
                let text = format!("“{}”属于{}件", self.category.name, own.chinese());
                reasons.push(Reason::new(Part::Priority, "category", text));
                own
            }
        }
    }

    /// The category's own limit; but a case more pressing than its category usually is gets the sooner of both.
    fn sooner(&self, own: Option<Choice>, by_priority: Choice, priority: Priority) -> Choice {
        match own {
            None => by_priority,
            Some(_) if priority > self.category.priority && by_priority_is_first(&own, &by_priority) => {
                by_priority
            }
            Some(own) => own,
        }
    }

    /// The platform's own deadline, where it comes first: as the whole hours that are left of it from the submission on, since that is
    /// how a case is given its time. One that is over leaves an hour.
    fn demanded(&self, own: Choice) -> Choice {
        let Some(due_at) = self.demand.due_at.filter(|due_at| *due_at < own.due.due_at) else { return own };
        let hours = (due_at - self.since).num_hours().clamp(1, i64::from(Limit::MOST));
        let amount = u32::try_from(hours).unwrap_or(1);
        let limit = Limit { kind: LimitKind::UrgentHour, amount };
        self.choice(limit, self.since, "platform", "来件平台有自己的时限".to_owned())
    }

    /// What the row of the authority table that counts says.
    fn ruled_limit(&self, limit: fn(&Says) -> Option<Limit>, from: DateTime<Utc>) -> Option<Choice> {
        let ruled = self.ruled.as_ref()?;
        Some(self.choice(limit(ruled.says)?, from, "authority", format!("处置权限{}规定", ruled.row())))
    }

    fn category_respond(&self) -> Option<Choice> {
        Some(self.choice(
            self.category.respond?,
            self.now,
            "category",
            format!("“{}”规定", self.category.name),
        ))
    }

    fn category_resolve(&self) -> Option<Choice> {
        Some(self.choice(
            self.category.resolve?,
            self.since,
            "category",
            format!("“{}”规定", self.category.name),
        ))
    }

    /// Where several conditions hold, the shortest counts.
    fn conditional_resolve(&self) -> Option<Choice> {
        let limits = self.index.limits_in(&self.category.code, self.read);
        let choices = limits.map(|(condition, word, limit)| {
            self.choice(
                limit,
                self.since,
                "condition",
                format!("内容提到“{word}”，按情形“{}”", condition.name),
            )
        });
        choices.min_by_key(|choice| choice.due.due_at)
    }

    fn choice(&self, limit: Limit, from: DateTime<Utc>, rule: &'static str, why: String) -> Choice {
        Choice::new(self.index, limit, from, rule, why)
    }
}

fn by_priority_is_first(own: &Option<Choice>, by_priority: &Choice) -> bool {
    own.as_ref().is_some_and(|own| by_priority.due.due_at < own.due.due_at)
}
