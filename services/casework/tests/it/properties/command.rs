//! What may happen in a place: people ask for steps, others report, the clock goes on. Drawn at random, in any order, by whomever.

use huying_casework::domain::Level;
use proptest::prelude::*;

/// A command, on which of the cases, and who asks; none: whoever usually does.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    pub command: Command,
    pub on: usize,
    pub who: Option<usize>,
}

#[derive(Clone, Copy, Debug)]
pub enum Command {
    Accept,
    Note,
    Appoint(u8),
    Escalate,
    Delegate(usize),
    Return,
    Decide(usize, bool),
    Call,
    Respond(usize, u8),
    Arbitrate(usize, bool),
    TakeBack(usize),
    Relead(usize),
    Add,
    Resolve,
    Photo,
    Verify(bool),
    StrikeOff,
    Reopen,
    Answer(bool),
    Judge(bool),
    Fail,
    Supplement,
    Object(bool),
    Ask,
    AskSuspension(i64),
    Review(i64),
    Resume,
    Withdraw(bool),
    Leave(bool),
    AskExtension(u32),
    AskDecline,
    Consult,
    AskGroup,
    TaskForce,
    EndGroup,
    Chair(usize, u8),
    Grant(usize),
    Refuse(usize),
    Supervise(Level),
    AnswerSupervision,
    TakeCharge,
    ReportCharge,
    EndCharge,
    Merge,
    Unmerge,
    Split(usize, u8),
    Recategorise(usize),
    Tick,
    GoIdle,
    Wait(i64),
    Relieve(usize),
    Succeed(usize),
}

/// How often one is drawn, beside the others, and how a number says what comes with it.
type Often = (u32, fn(usize) -> Command);

const ALL: &[Often] = &[
    // What nobody asks for: the clock, the reporter, evaluation and the profile.
    (24, |n| Command::Wait(1 + n as i64 % 200)),
    (3, |n| Command::Wait(200 + n as i64 % 2800)),
    (1, |n| Command::Wait(3000 + n as i64 % 57_000)),
    (24, |_| Command::Tick),
    (6, |_| Command::GoIdle),
    (12, |n| Command::Answer(odd(n))),
    (9, |n| Command::Judge(odd(n))),
    (3, |_| Command::Fail),
    (6, |_| Command::Supplement),
    (3, |n| Command::Object(odd(n))),
    (1, |n| Command::Withdraw(odd(n))),
    (12, |n| Command::Leave(odd(n))),
    (2, |n| Command::Succeed(n % 10)),
    // A case's holder.
    (48, |_| Command::Accept),
    (3, |_| Command::Note),
    (3, |n| Command::Appoint((n % 3) as u8)),
    (3, |_| Command::Escalate),
    (6, |n| Command::Delegate(n % 6)),
    (6, |_| Command::Return),
    (6, |_| Command::Ask),
    (9, |_| Command::Resume),
    (6, |_| Command::AnswerSupervision),
    (6, |_| Command::ReportCharge),
    (2, |_| Command::Merge),
    (24, |_| Command::Unmerge),
    (9, |n| Command::Split(n / 2 % 6, 1 + (n % 2) as u8)),
    (3, |n| Command::Recategorise(n % 4)),
    (24, |_| Command::Resolve),
    // Whoever stands above.
    (12, |n| Command::Decide(n / 2 % 6, odd(n))),
    (18, |_| Command::Photo),
    (24, |n| Command::Verify(odd(n))),
    (6, |_| Command::StrikeOff),
    (3, |_| Command::Reopen),
    (9, |n| Command::Review(days(n))),
    (6, |n| Command::Supervise([Level::Urge, Level::Notice, Level::Talk][n % 3])),
    (3, |_| Command::TakeCharge),
    (6, |_| Command::EndCharge),
    (1, |n| Command::Relieve(n % 6)),
    // Departments and groups.
    (20, |_| Command::Call),
    (6, |_| Command::Add),
    (48, |n| Command::Respond(n / 4, (n % 4) as u8)),
    (18, |n| Command::Arbitrate(n / 2, odd(n))),
    (3, Command::TakeBack),
    (6, Command::Relead),
    (6, |_| Command::Consult),
    (3, |_| Command::TaskForce),
    (5, |_| Command::EndGroup),
    (14, |n| Command::Chair(n / 3, (n % 3) as u8)),
    // What somebody else must allow.
    (15, |n| Command::AskSuspension(days(n))),
    (9, |n| Command::AskExtension(1 + n as u32 % 99)),
    (1, |_| Command::AskDecline),
    (12, |_| Command::AskGroup),
    (30, Command::Grant),
    (5, Command::Refuse),
];

/// One of each that comes to something by itself: time only passes, and nothing that is reconciled waits to be struck off by hand.
pub fn each() -> impl Iterator<Item = Command> + Clone {
    let each = ALL.iter().map(|(_, command)| command(0));
    each.filter(|it| !matches!(it, Command::Wait(_) | Command::StrikeOff))
}

/// Mostly on the first case, by whoever usually asks.
pub fn drawn() -> impl Strategy<Value = Drawn> {
    let all: u32 = ALL.iter().map(|(often, _)| often).sum();
    (0..all, 0usize..60_000, 0usize..20, 0usize..77).prop_map(|(nth, n, on, who)| Drawn {
        command: command(nth, n),
        on: on.saturating_sub(11),
        who: who.checked_sub(66),
    })
}

fn command(nth: u32, n: usize) -> Command {
    let mut left = nth;
    let drawn = ALL.iter().find(|(often, _)| {
        let it = left < *often;
        left = left.saturating_sub(*often);
        it
    });
    drawn.unwrap().1(n)
}

fn odd(n: usize) -> bool {
    n % 2 == 1
}

/// From yesterday on, also beyond what a profile lets.
fn days(n: usize) -> i64 {
    n as i64 % 41 - 1
}
