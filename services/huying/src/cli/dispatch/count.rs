//! How units answered what they were called for, and whom they called, on screen.

use clap::Args;
use huying_proto::casework::v1::{CalledCount, CallerCount, CountDispatchesRequest, CountDispatchesResponse};
use huying_wire::instant;

use super::super::{
    Session,
    names::Names,
    page::head,
    session::{self, Moment},
};
use crate::client::Client;
use crate::output::note;

#[derive(Args, Debug)]
pub struct Count {
    /// Only of this area's cases
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Sent from this day or instant on
    #[arg(long, value_name = "TIME", value_parser = session::moment)]
    from: Moment,
    /// Until before this day or instant
    #[arg(long, value_name = "TIME", value_parser = session::moment)]
    until: Moment,
}

pub(super) async fn count(session: &Session, client: &Client, count: Count) -> anyhow::Result<()> {
    let (from, until) = (count.from.at(client), count.until.at(client));
    let mut dispatches = client.dispatches(&client.reader()?)?;
    let mut request = CountDispatchesRequest {
        district: client.district()?,
        area: count.area,
        from_time: Some(instant::write(from)),
        until_time: Some(instant::write(until)),
        page_token: String::new(),
    };
    let mut all = CountDispatchesResponse::default();
    loop {
        let more = dispatches.count_dispatches(request.clone()).await?.into_inner();
        request.page_token.clone_from(&more.next_page_token);
        add(&mut all, more);
        if request.page_token.is_empty() {
            break;
        }
    }
    if session.out.is_json() {
        return session.out.one(&all, |_| Vec::new());
    }
    let header = [
        "called",
        "calls",
        "reported",
        "on time",
        "silent",
        "times",
        "done",
        "late",
        "declined",
        "overruled",
        "taken back",
        "ended",
        "open",
        "to report",
        "to finish",
    ];
    let mut names = Names::new(client)?;
    names.learn_units(all.called.iter().filter(|it| it.name.is_empty()).map(|it| &it.unit)).await?;
    names.learn_units(all.callers.iter().filter(|it| it.name.is_empty()).map(|it| &it.unit)).await?;
    let day = |at| client.local(at, "%Y-%m-%d %H:%M");
    head(session, client, &format!("dispatches 呼叫 {} – {}", day(from), day(until)))?;
    session.out.list(&header, &all.called, |it| called(&names, it))?;
    note("")?;
    session.out.list(&["calling", "calls", "apt", "not apt", "taken back"], &all.callers, |it| {
        let unit = names.or(&it.unit, &it.name);
        [unit]
            .into_iter()
            .chain([it.calls, it.apt, it.not_apt, it.taken_back].map(|n| n.to_string()))
            .collect()
    })
}

fn called(names: &Names, it: &CalledCount) -> Vec<String> {
    let done = it.done_on_time + it.done_late;
    let counts = [
        it.called,
        it.reported,
        it.reported_on_time,
        it.silent,
        it.silences,
        done,
        it.done_late,
        it.declined,
        it.overruled,
        it.taken_back,
        it.ended,
        it.open,
    ];
    let means = [mean(it.report_seconds, it.reported), mean(it.finish_seconds, done)];
    [names.or(&it.unit, &it.name)].into_iter().chain(counts.map(|n| n.to_string())).chain(means).collect()
}

/// `1:05` hours and minutes each; nothing where there are none.
fn mean(seconds: i64, of: i64) -> String {
    let minutes = seconds.checked_div(of).map(|each| each / 60);
    minutes.map_or_else(String::new, |minutes| format!("{}:{:02}", minutes / 60, minutes % 60))
}

/// What a further answer says of the same unit belongs to it.
fn add(all: &mut CountDispatchesResponse, more: CountDispatchesResponse) {
    for it in more.called {
        match all.called.iter_mut().find(|known| known.unit == it.unit) {
            Some(known) => add_called(known, &it),
            None => all.called.push(it),
        }
    }
    for it in more.callers {
        match all.callers.iter_mut().find(|known| known.unit == it.unit) {
            Some(known) => add_caller(known, &it),
            None => all.callers.push(it),
        }
    }
}

fn add_called(to: &mut CalledCount, it: &CalledCount) {
    for (sum, more) in [
        (&mut to.called, it.called),
        (&mut to.reported, it.reported),
        (&mut to.reported_on_time, it.reported_on_time),
        (&mut to.silent, it.silent),
        (&mut to.silences, it.silences),
        (&mut to.done_on_time, it.done_on_time),
        (&mut to.done_late, it.done_late),
        (&mut to.declined, it.declined),
        (&mut to.overruled, it.overruled),
        (&mut to.taken_back, it.taken_back),
        (&mut to.ended, it.ended),
        (&mut to.open, it.open),
        (&mut to.report_seconds, it.report_seconds),
        (&mut to.finish_seconds, it.finish_seconds),
    ] {
        *sum += more;
    }
}

fn add_caller(to: &mut CallerCount, it: &CallerCount) {
    for (sum, more) in [
        (&mut to.calls, it.calls),
        (&mut to.apt, it.apt),
        (&mut to.not_apt, it.not_apt),
        (&mut to.taken_back, it.taken_back),
    ] {
        *sum += more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_added_up_and_means_taken_of_all() {
        let of = |unit: &str, reported, report_seconds| CountDispatchesResponse {
            called: vec![CalledCount { unit: unit.into(), reported, report_seconds, ..Default::default() }],
            callers: vec![CallerCount { unit: "S-1".into(), calls: 1, ..Default::default() }],
            next_page_token: String::new(),
        };
        let mut all = CountDispatchesResponse::default();
        for more in [of("DEP-1", 1, 3600), of("DEP-2", 1, 60), of("DEP-1", 1, 4200)] {
            add(&mut all, more);
        }
        assert_eq!((all.called.len(), all.callers.len(), all.callers[0].calls), (2, 1, 3));
        let both = &all.called[0];
        assert_eq!(mean(both.report_seconds, both.reported), "1:05");
        assert_eq!(mean(0, 0), "");
    }
}
