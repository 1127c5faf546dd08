//! What honest callers notice of somebody who does not behave: 64 of them call at a steady pace, alone and beside each attack, on a replica of
//! intake that admits as in production. Attackers run in the same process on the same processors, so some of what is noticed is their own work.

use std::{net::SocketAddr, time::Duration};

use futures::future::{BoxFuture, join_all};
use huying_chassis::auth::Role;
use huying_proto::intake::v1::{ListRequestsRequest, request_service_client::RequestServiceClient};
use huying_testing::{
    Wire,
    raw::{DATA, Raw, call, frame, give_up},
    wire,
};
use huying_tests::{People, people::DISTRICT};
use prost::Message;
use tokio::{
    runtime::Handle,
    task::{JoinSet, block_in_place, yield_now},
    time::{Instant, MissedTickBehavior, interval, interval_at},
};

use super::{
    Measure, call as calling,
    settle::settle,
    stage::Stage,
    table::{SURROUNDINGS, Table, p50_p99},
    window::Window,
};

const CALLERS: usize = 64;
/// Of one honest caller, between two calls.
const PACE: Duration = Duration::from_millis(500);
/// Connections of an attacker, and streams on each: together the 1,150 that once stopped every submission.
const CONNECTIONS: usize = 5;
const STREAMS: u32 = 230;
/// Of the flood, a second.
const FLOOD: u32 = 1000;
/// Calls of a volley on each connection, a second; a hundred at a time.
const VOLLEY: u32 = 2000;
const AT_A_TIME: u32 = 100;
/// Large messages that one platform begins on each connection, together as many as it may have calls, and again when those are cut.
const LARGE: usize = 52;
const CUT: Duration = Duration::from_secs(5);
/// What such a message says that it has, which is the most, and what comes of it.
const ANNOUNCED: u32 = 256 * 1024;
const COMES: usize = 200 * 1024;
const FRAME: usize = 16 * 1024;

/// Requests on a page, and how many pages are read at once.
const PAGE: i32 = 200;
const READERS: usize = 250;
/// Wrong tokens on each connection, of which there is a new one each time, and how often.
const TOKENS: u32 = 20;
const ANEW: Duration = Duration::from_millis(100);
/// Connections that say nothing: more than one address has.
const SILENT: usize = 200;
/// The address that they come from is not that of the honest ones.
const ELSEWHERE: u8 = 2;

const WATCH: &str = "/grpc.health.v1.Health/Watch";
const CHECK: &str = "/grpc.health.v1.Health/Check";
const SUBMIT: &str = "/huying.intake.v1.RequestService/SubmitRequest";
const LIST: &str = "/huying.intake.v1.RequestService/ListRequests";
const TRACK: &str = "/huying.intake.v1.RequestService/TrackRequest";
const WINDOW: u32 = 65_535;
const END_STREAM: u8 = 1;

/// What is done beside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attack {
    None,
    IdleStreams,
    UnfinishedBodies,
    LargeBodies,
    Flood,
    HealthFlood,
    RapidReset,
    WrongTokens,
    UnreadAnswers,
    Lists,
    SilentConnections,
}

const ATTACKS: [(Attack, &str); 11] = [
    (Attack::None, "nothing"),
    (Attack::IdleStreams, "1150 idle streams"),
    (Attack::UnfinishedBodies, "1150 unfinished bodies"),
    (Attack::LargeBodies, "260 large unfinished bodies of one platform"),
    (Attack::Flood, "1000 calls/s of one subject"),
    (Attack::HealthFlood, "10000 health checks/s"),
    (Attack::RapidReset, "10000 resets/s"),
    (Attack::WrongTokens, "1000 wrong tokens/s, reconnecting"),
    (Attack::UnreadAnswers, "1150 unread lists of one platform"),
    (Attack::Lists, "250 lists at once of one platform"),
    (Attack::SilentConnections, "200 silent connections"),
];

/// Whoever reads its list has to have sent what is on it.
const LISTED: [(Attack, &str); 2] = [(Attack::UnreadAnswers, "unread"), (Attack::Lists, "lists")];

pub struct Abuse(Table);

impl Abuse {
    pub fn new() -> Self {
        let columns = [("calls", 0), ("p50 ms", 1), ("p99 ms", 1), ("p99 beside", 2)];
        Self(Table::new(
            "64 honest callers beside somebody who does not behave (p99 beside: aim at most 2)",
            "beside",
            &[&columns[..], &SURROUNDINGS].concat(),
        ))
    }

    async fn measure(&mut self, stage: &Stage) {
        // What waits for a service is no future that may move between threads.
        let starting = || Handle::current().block_on(stage.world.start_strict("intake"));
        let address = block_in_place(starting);
        let mut alone = None;
        for (attack, name) in ATTACKS {
            stage.bar.set_message(format!("honest callers beside {name}"));
            prepare(stage, address, attack).await;
            let window = Window::open(stage).await;
            let mut attackers = begin(stage, address, attack);
            let times = honest(stage, address).await;
            // None of them ends by itself: beside one that has failed, there was less than the row says.
            let ended = attackers.try_join_next();
            assert!(ended.is_none(), "an attacker ended beside {name}: {ended:?}");
            drop(attackers);
            let seen = window.close(stage);
            let calls = times.len() as f64;
            let [p50, p99] = p50_p99(times);
            let beside = p99 / *alone.get_or_insert(p99);
            self.0.add(name, [&[calls, p50, p99, beside][..], &seen.surroundings()].concat());
            settle(stage).await;
        }
        stage.world.stop(&format!("intake-{}", address.port())).await;
    }
}

impl Measure for Abuse {
    fn round<'a>(&'a mut self, stage: &'a Stage) -> BoxFuture<'a, ()> {
        Box::pin(self.measure(stage))
    }

    fn tables(&self) -> Vec<&Table> {
        vec![&self.0]
    }
}

/// A platform, each a caller of its own.
fn platform(stage: &Stage, address: SocketAddr, subject: &str) -> RequestServiceClient<Wire> {
    let bearer = stage.world.bench.bearer_of(subject, Role::Platform, None, Some(DISTRICT));
    RequestServiceClient::new(wire(address, bearer))
}

/// The milliseconds of each call, from when it was due: of a submission, and then of a look at what became of it.
async fn honest(stage: &Stage, address: SocketAddr) -> Vec<f64> {
    let ends = Instant::now() + 2 * stage.span;
    let mut callers = JoinSet::new();
    for n in 0..CALLERS {
        let platform = platform(stage, address, &format!("honest-{n}"));
        callers.spawn(async move {
            // They do not all call at the same moment.
            let first = Instant::now() + PACE * n as u32 / CALLERS as u32;
            let mut due = interval_at(first, PACE);
            let (mut times, mut number) = (Vec::new(), None);
            while Instant::now() < ends {
                let due = due.tick().await;
                match number.take() {
                    None => number = Some(calling::submit(&platform).await),
                    Some(id) => calling::read(&platform, id).await,
                }
                times.push(due.elapsed().as_secs_f64() * 1e3);
            }
            times
        });
    }
    callers.join_all().await.into_iter().flatten().collect()
}

/// What an attack stands on, done with before it is measured.
async fn prepare(stage: &Stage, address: SocketAddr, attack: Attack) {
    for (_, subject) in LISTED.into_iter().filter(|(of, _)| *of == attack) {
        fill(&platform(stage, address, subject)).await;
        settle(stage).await;
    }
}

/// It ends when what is given back is dropped.
fn begin(stage: &Stage, address: SocketAddr, attack: Attack) -> JoinSet<()> {
    let mut attackers = JoinSet::new();
    match attack {
        Attack::None => {}
        Attack::IdleStreams => {
            (0..CONNECTIONS).for_each(|_| drop(attackers.spawn(idle(address, WINDOW, watch))));
        }
        Attack::UnfinishedBodies => (0..CONNECTIONS).for_each(|_| drop(attackers.spawn(unfinished(address)))),
        Attack::Flood => drop(attackers.spawn(flood(platform(stage, address, "flood")))),
        Attack::LargeBodies => {
            let bearer = bearer(stage, "large");
            (0..CONNECTIONS).for_each(|_| drop(attackers.spawn(large(address, bearer.clone()))));
        }
        Attack::HealthFlood => {
            (0..CONNECTIONS).for_each(|_| drop(attackers.spawn(volley(address, check))));
        }
        Attack::RapidReset => {
            (0..CONNECTIONS).for_each(|_| drop(attackers.spawn(volley(address, reset))));
        }
        Attack::WrongTokens => {
            let wrong = wrong_token(stage);
            (0..CONNECTIONS).for_each(|_| drop(attackers.spawn(wrong_tokens(address, wrong.clone()))));
        }
        Attack::UnreadAnswers => {
            let bearer = bearer(stage, "unread");
            attackers.spawn(async move {
                let one = |stream| list(stream, &bearer);
                join_all((0..CONNECTIONS).map(|_| idle(address, 0, one))).await;
            });
        }
        Attack::Lists => drop(attackers.spawn(lists(platform(stage, address, "lists")))),
        Attack::SilentConnections => (0..SILENT).for_each(|_| drop(attackers.spawn(silent(address)))),
    }
    attackers
}

/// As a platform says who it is.
fn bearer(stage: &Stage, subject: &str) -> String {
    let bearer = stage.world.bench.bearer_of(subject, Role::Platform, None, Some(DISTRICT));
    format!("Bearer {}", bearer.0.expect("a token"))
}

/// Sends as much as a page of its list holds.
async fn fill(platform: &RequestServiceClient<Wire>) {
    for _ in 0..PAGE {
        calling::submit(platform).await;
    }
}

/// One platform, which reads its list from many places at once, as fast as it is let.
async fn lists(platform: RequestServiceClient<Wire>) {
    let reading = (0..READERS).map(|_| async {
        let mut platform = platform.clone();
        loop {
            drop(platform.list_requests(all()).await);
            yield_now().await;
        }
    });
    join_all(reading).await;
}

/// All that a platform has sent, as much as one answer holds.
fn all() -> ListRequestsRequest {
    ListRequestsRequest { district: DISTRICT.into(), page_size: PAGE, ..Default::default() }
}

/// Opens streams, and stays; comes again when it is cut.
async fn idle(address: SocketAddr, window: u32, one: impl Fn(u32) -> Vec<u8>) {
    loop {
        let mut raw = Raw::greeted(address, window).await;
        for n in 0..STREAMS {
            raw.write(&one(2 * n + 1)).await;
        }
        while raw.next().await.is_some() {}
    }
}

/// Begins messages and never ends them; those that are refused or cut are begun again.
async fn unfinished(address: SocketAddr) {
    const BEGINNING: [u8; 4096] = {
        let mut bytes = [b'x'; 4096];
        (bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]) = (0, 0, 0, 0x80, 0);
        bytes
    };
    loop {
        let (mut raw, mut pause) =
            (Raw::greeted(address, WINDOW).await, interval(Duration::from_millis(500)));
        let mut streams = (0..).map(|n: u32| 2 * n + 1);
        while raw.is_read().await {
            for stream in streams.by_ref().take(STREAMS as usize) {
                raw.write(&call(stream, TRACK, &[])).await;
                raw.send(DATA, 0, stream, &BEGINNING).await;
            }
            pause.tick().await;
        }
    }
}

/// One caller, who does not listen to any refusal.
async fn flood(platform: RequestServiceClient<Wire>) {
    let mut due = interval(Duration::from_secs(1) / FLOOD);
    due.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut calls = JoinSet::new();
    loop {
        due.tick().await;
        let mut platform = platform.clone();
        calls.spawn(async move { drop(platform.submit_request(People::blocked_way()).await) });
        while let Some(called) = calls.try_join_next() {
            called.expect("a call ends, however it is answered");
        }
    }
}

/// The same by one platform with messages that are almost as large as they may be.
async fn large(address: SocketAddr, bearer: String) {
    let body = [&[0][..], &ANNOUNCED.to_be_bytes(), &vec![b'x'; COMES]].concat();
    loop {
        let (mut raw, mut pause) = (Raw::greeted(address, WINDOW).await, interval(CUT));
        let mut streams = (0..).map(|n: u32| 2 * n + 1);
        'here: loop {
            pause.tick().await;
            for stream in streams.by_ref().take(LARGE) {
                raw.write(&call(stream, SUBMIT, &[("authorization", bearer.as_str())])).await;
                for piece in body.chunks(FRAME) {
                    raw.send(DATA, 0, stream, piece).await;
                }
                // No more than the connection has a window for.
                if !raw.is_read().await {
                    break 'here;
                }
            }
        }
    }
}

/// A call that is begun and given up.
fn reset(stream: u32) -> Vec<u8> {
    [call(stream, TRACK, &[]), give_up(stream)].concat()
}

/// Whether the server is well.
fn check(stream: u32) -> Vec<u8> {
    asked(stream, CHECK, &[], &[])
}

/// Whether it stays so.
fn watch(stream: u32) -> Vec<u8> {
    asked(stream, WATCH, &[], &[])
}

/// The same list, asked for by hand.
fn list(stream: u32, bearer: &str) -> Vec<u8> {
    asked(stream, LIST, &[("authorization", bearer)], &all().encode_to_vec())
}

/// A whole call.
fn asked(stream: u32, path: &str, headers: &[(&str, &str)], message: &[u8]) -> Vec<u8> {
    let body = [&[0][..], &(message.len() as u32).to_be_bytes(), message].concat();
    [call(stream, path, headers), frame(DATA, END_STREAM, stream, &body)].concat()
}

/// Sends calls by the hundred, whatever becomes of them; comes again when it is cut.
async fn volley(address: SocketAddr, one: fn(u32) -> Vec<u8>) {
    let mut due = interval(Duration::from_secs(1) * AT_A_TIME / VOLLEY);
    loop {
        let mut raw = Raw::greeted(address, WINDOW).await;
        let mut streams = (0..).map(|n: u32| 2 * n + 1);
        while raw.is_read().await {
            due.tick().await;
            let calls = streams.by_ref().take(AT_A_TIME as usize).flat_map(one);
            raw.write(&calls.collect::<Vec<u8>>()).await;
        }
    }
}

/// Signed by a key that is known, and then changed: it has to be checked to be found wrong.
fn wrong_token(stage: &Stage) -> String {
    let bearer = bearer(stage, "wrong");
    let (said, signature) = bearer.rsplit_once('.').expect("a JWT");
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{said}.{other}{}", &signature[1..])
}

/// Shows it again and again, over a new connection each time, since each is cut after so many.
async fn wrong_tokens(address: SocketAddr, token: String) {
    let mut due = interval(ANEW);
    loop {
        due.tick().await;
        let mut raw = Raw::greeted(address, WINDOW).await;
        for n in 0..TOKENS {
            raw.write(&asked(2 * n + 1, SUBMIT, &[("authorization", token.as_str())], &[])).await;
        }
        raw.is_read().await;
    }
}

/// Says nothing; comes again when it is cut or sent away.
async fn silent(address: SocketAddr) {
    let mut due = interval(ANEW);
    loop {
        due.tick().await;
        let mut raw = Raw::open_from(ELSEWHERE, address).await;
        while raw.next().await.is_some() {}
    }
}
