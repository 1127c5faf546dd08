//! How units answer calls and whom they call, in the contract's words.

use huying_proto::casework::v1 as pb;

use crate::domain::dispatch::tally::{CalledCount, CallerCount};

pub fn called(it: CalledCount) -> pb::CalledCount {
    let seconds = |micros: i64| micros / 1_000_000;
    pb::CalledCount {
        unit: it.unit,
        name: it.name,
        called: it.called,
        reported: it.reported,
        reported_on_time: it.reported_on_time,
        silent: it.silent,
        silences: it.silences,
        done_on_time: it.done_on_time,
        done_late: it.done_late,
        declined: it.declined,
        overruled: it.overruled,
        taken_back: it.taken_back,
        ended: it.ended,
        open: it.open,
        report_seconds: seconds(it.report_micros),
        finish_seconds: seconds(it.finish_micros),
    }
}

pub fn caller(it: CallerCount) -> pb::CallerCount {
    pb::CallerCount {
        unit: it.unit,
        name: it.name,
        calls: it.calls,
        apt: it.apt,
        not_apt: it.not_apt,
        taken_back: it.taken_back,
    }
}
