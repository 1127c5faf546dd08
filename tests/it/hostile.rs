//! Every text and every number of every message of every rpc, as nobody honest sends it: what hides, moves a cursor or turns the direction of
//! writing is refused by the field's name, or, where somebody's own words come in, kept without it; what is beyond every bound is the
//! caller's fault. Nothing of it is a mistake of ours, and nothing of it is found in any table afterwards.

mod wire;

use huying_chassis::auth::Role;
use huying_testing::Bearer;
use huying_tests::{SERVICES, World, world::key};
use sqlx::PgPool;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use wire::{Kind, Messages, Place};

use super::access::{bearer, rpcs};
use super::reach::{Area, Callers, Outcome, Row, UNIT, expected, life_and_round, rows};

/// Hidden, and known again by what stands around it.
const HOSTILE: &str = "甲\u{202e}\u{200b}\u{1b}[2J乙";

/// Fields in which somebody's own words come in, or a record of them: they are made fit. A new text is no exception until it is decided here.
const HEARD: &[(&str, &[&str])] = &[
    (
        "SubmitRequest",
        &[
            "external_id",
            "source",
            "content",
            "category",
            "answer",
            "guide",
            "reporter.name",
            "reporter.phone",
            "reporter.second_phone",
            "reporter.on_behalf_of",
            "reporter.address",
            "location.address",
            "location.area",
            "order.title",
            "order.complained_of",
            "order.related_number",
            "order.taker",
            "order.attachments.name",
            "order.attachments.uri",
            "order.attachments.media_type",
            "order.extensions.key",
            "order.extensions.value",
        ],
    ),
    (
        "JoinRequest",
        &[
            "content",
            "reporter.name",
            "reporter.phone",
            "reporter.second_phone",
            "reporter.on_behalf_of",
            "reporter.address",
        ],
    ),
    ("AddInformation", &["content"]),
    ("WithdrawRequest", &["reason"]),
    ("TellProgress", &["text"]),
    ("AnswerRequest", &["answer"]),
    ("RaiseObjection", &["reason"]),
    ("ForgetReporter", &["reason"]),
    ("ForgetOccupant", &["reason"]),
    (
        "RecordVisit",
        &[
            "team",
            "notes",
            "occasion",
            "needs",
            "visited.name",
            "visited.address",
            "visited.contact",
            "visited.code",
            "findings.content",
            "findings.category",
            "findings.location.address",
            "findings.location.area",
        ],
    ),
    (
        "HoldForum",
        &[
            "place",
            "topic",
            "participants.name",
            "participants.unit",
            "participants.phone",
            "calls.content",
            "calls.category",
            "calls.location.address",
            "calls.location.area",
            "offers.party",
            "offers.title",
            "offers.text",
            "offers.contact",
        ],
    ),
    ("SubmitByCard", &["content", "phone", "address"]),
    (
        "NoteCall",
        &[
            "content",
            "address",
            "reporter.name",
            "reporter.phone",
            "reporter.second_phone",
            "reporter.on_behalf_of",
            "reporter.address",
        ],
    ),
    ("OpenRisk", &["content"]),
    ("RecordVerdict", &["verdict.comment"]),
    ("GiveVerdict", &["verdict.comment"]),
    ("RecordInterview", &["verdict.comment"]),
];

/// Fields that are refused by the name of what holds them, compared with what is known, or passed over: none of them is kept. Known by the end
/// of the rpc's path.
const NOT_KEPT: &[(&str, &[&str])] = &[
    ("/RecordMeeting", &["outcomes.case"]),
    (
        "casework.v1.ProfileService/ApplyProfile",
        &[
            "profile.calendar.hours.from",
            "profile.calendar.hours.to",
            "profile.groups.code",
            "profile.groups.name",
            "profile.groups.class",
            "profile.groups.chair",
            "profile.groups.members",
            "profile.evidence.category",
            "profile.required.category",
            "profile.verification.category",
            "profile.verification.unit",
        ],
    ),
    ("/RecordVerdict", VERDICT),
    ("/GiveVerdict", VERDICT),
    ("/GiveVerdict", &["token"]),
    ("/RecordInterview", VERDICT),
    // Told, never asked.
    ("/OpenTopic", &["measures.note"]),
    ("/ChangeTopic", &["measures.note"]),
    ("/PublishGuide", &["guide.id"]),
    (
        "evaluation.v1.ProfileService/ApplyProfile",
        &[
            "profile.calendar.hours.from",
            "profile.calendar.hours.to",
            "profile.callbacks.reasons.code",
            "profile.callbacks.reasons.text",
            "profile.callbacks.questions.code",
            "profile.callbacks.questions.text",
            "profile.callbacks.questions.options.code",
            "profile.callbacks.questions.options.text",
        ],
    ),
    ("/SubmitByCard", &["code"]),
    ("/MatchOffer", &["request"]),
    (
        "intake.v1.ProfileService/ApplyProfile",
        &[
            "profile.successors.unit",
            "profile.calendar.hours.from",
            "profile.calendar.hours.to",
            "profile.superiors.value",
            "profile.platform_superior",
        ],
    ),
    // Of an item whose code is wrong the rest is not looked at.
    (
        "routing.v1.ProfileService/ApplyProfile",
        &[
            "profile.areas.former_codes",
            "profile.areas.former_names",
            "profile.categories.scopes",
            "profile.calendar.hours.from",
            "profile.calendar.hours.to",
        ],
    ),
];

/// Compared with the codes that a district lists; a text is told, never asked.
const VERDICT: &[&str] =
    &["verdict.reasons.code", "verdict.reasons.text", "verdict.answers.question", "verdict.answers.answer"];

/// An rpc, how it is asked, and who may.
struct Asked<'a> {
    service: &'static str,
    path: &'a str,
    row: &'a Row,
    bearers: Vec<Bearer>,
    is_command: bool,
    request_id: Option<Place>,
}

impl Asked<'_> {
    /// What is told to the first who is not refused for who they are.
    async fn told(&self, callers: &Callers, place: &Place, bytes: Vec<u8>) -> Result<(), Status> {
        let own = self.request_id.as_ref().filter(|own| own.names != place.names);
        let fresh = own.map(|own| own.text(&key())).unwrap_or_default();
        let message = [self.row.message.as_slice(), &fresh, &bytes].concat();
        let mut last = Ok(());
        for bearer in &self.bearers {
            last = callers.call(self.service, self.path, bearer, &message).await;
            if last.as_ref().is_err_and(|status| status.code() != Code::PermissionDenied) || last.is_ok() {
                break;
            }
        }
        last
    }

    fn is_heard(&self, place: &Place) -> bool {
        let method = self.path.rsplit('/').next().unwrap_or_default();
        let path = place.path();
        HEARD.iter().any(|(name, fields)| *name == method && fields.contains(&path.as_str()))
    }

    fn is_not_kept(&self, place: &Place) -> bool {
        let path = place.path();
        NOT_KEPT.iter().any(|(end, fields)| self.path.ends_with(end) && fields.contains(&path.as_str()))
    }
}

fn bearers(world: &World, row: &Row, service: &str, path: &str) -> Vec<Bearer> {
    let all = [Area::District, Area::City, Area::Street, Area::Above];
    let pairs = all.into_iter().flat_map(|area| Role::ALL.iter().map(move |role| (*role, area)));
    let reached = pairs.filter(|(role, area)| expected(row, path, *role, *area) == Outcome::Reached);
    let whoever = |(role, area): (Role, Area)| {
        let unit = (role == Role::Department && area != Area::City).then_some(UNIT);
        bearer(world, (service, path), role, unit, area.code())
    };
    reached.map(whoever).take(6).collect()
}

/// What is wrong with an answer to a hostile text; None: nothing.
fn wrong_text(asked: &Asked<'_>, place: &Place, told: &Result<(), Status>) -> Option<&'static str> {
    if is_ours(told) {
        return Some("is taken for a mistake of ours");
    }
    if !asked.is_command || asked.is_not_kept(place) {
        return None;
    }
    if asked.is_heard(place) {
        return is_refused(told).then_some("is refused, and is somebody's own");
    }
    let Err(status) = told else { return Some("is taken") };
    if status.code() != Code::InvalidArgument {
        return Some("is not looked at first");
    }
    let bad = status.get_details_bad_request().map(|bad| bad.field_violations).unwrap_or_default();
    let leaf = place.names.iter().rev().find(|name| !["key", "value"].contains(&name.as_str()));
    let named = |field: &str| leaf.is_some_and(|leaf| field.contains(leaf.as_str()));
    let says = |it: &str| it.contains("not seen");
    let found = bad.iter().any(|it| named(&it.field) || says(&it.description));
    (!found).then_some("is not named")
}

fn is_refused(told: &Result<(), Status>) -> bool {
    let bad = told.as_ref().err().and_then(|status| status.get_details_bad_request());
    bad.is_some_and(|bad| bad.field_violations.iter().any(|it| it.description.contains("not seen")))
}

fn is_ours(told: &Result<(), Status>) -> bool {
    let codes = [Code::Internal, Code::Unknown, Code::DataLoss];
    told.as_ref().is_err_and(|status| codes.contains(&status.code()))
}

/// All tables' texts in which something of it stands.
async fn stored(pool: &PgPool, service: &str) -> Vec<String> {
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select table_name::text, column_name::text from information_schema.columns
         where table_schema = 'public' and data_type in ('text', 'jsonb', 'json', 'character varying', 'ARRAY')",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut found = Vec::new();
    for (table, column) in columns {
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            r#"select left("{column}"::text, 400) from "{table}" where "{column}"::text ~ '[\u202e\u200b\u001b]|\\u001b' limit 3"#
        )))
        .fetch_all(pool)
        .await
        .unwrap();
        found.extend(rows.into_iter().map(|row| format!("{service} {table}.{column}: {row:?}")));
    }
    found
}

/// What is wrong with one rpc; how much of it was asked.
async fn try_all(callers: &Callers, asked: &Asked<'_>, places: &[Place], wrong: &mut Vec<String>) -> usize {
    let mut count = 0;
    for place in places {
        let mut say = |what: &str, sent: &str, told: &Result<(), Status>| {
            wrong.push(format!("{} {}: {sent} {what}: {told:?}", asked.path, place.path()));
        };
        match place.kind {
            Kind::Text => {
                let told = asked.told(callers, place, place.text(HOSTILE)).await;
                if let Some(what) = wrong_text(asked, place, &told) {
                    say(what, "a hostile text", &told);
                }
                for sent in ["甲\0乙", "';--\"\\%_{}[]$1"] {
                    let told = asked.told(callers, place, place.text(sent)).await;
                    if is_ours(&told) {
                        say("is taken for a mistake of ours", &format!("{sent:?}"), &told);
                    }
                }
            }
            Kind::Number => {
                for sent in [i64::MIN, i64::MAX, -1] {
                    let told = asked.told(callers, place, place.number(sent)).await;
                    if is_ours(&told) {
                        say("is taken for a mistake of ours", &sent.to_string(), &told);
                    }
                }
            }
            Kind::Fraction => {
                let told = asked.told(callers, place, place.fraction(f64::NAN)).await;
                if is_ours(&told) {
                    say("is taken for a mistake of ours", "NaN", &told);
                }
            }
        }
        count += 1;
    }
    count
}

/// No message at all: numbers without an end, a text that is cut off, groups within each other without an end.
fn no_messages() -> [Vec<u8>; 3] {
    [vec![0xff; 11], vec![0x0a, 0x7f, b'a'], vec![0x0b; 10_000]]
}

/// What is no message, or holds what is no text, costs its sender one call, and is told in few words.
async fn try_none(callers: &Callers, asked: &Asked<'_>, wrong: &mut Vec<String>) {
    let Some(bearer) = asked.bearers.first() else { return };
    // An unknown field is passed over, so these may be taken.
    let odd = [vec![0x0a, 2, 0xff, 0xfe], [0x0a, 1, 0].repeat(10_000)];
    let all = no_messages().into_iter().map(|bytes| (bytes, true)).chain(odd.map(|bytes| (bytes, false)));
    for (bytes, is_none) in all {
        let told = callers.call(asked.service, asked.path, bearer, &bytes).await;
        let fits = |status: &Status| {
            ([Code::Internal, Code::InvalidArgument].contains(&status.code()) || !is_none)
                && status.message().len() < 400
        };
        if told.as_ref().map_or_else(|status| !fits(status), |()| is_none) {
            wrong.push(format!("{} {:?}…: {told:?}", asked.path, &bytes[..3]));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_44_45_46_no_field_of_any_rpc_lets_in_what_is_hidden_or_out_of_bounds() {
    let world = World::inside().await;
    let rows = rows(&world, &Box::pin(life_and_round(&world.people())).await);
    let (callers, messages, mut wrong, mut asked) = (Callers::new(&world), Messages::read(), Vec::new(), 0);
    for (package, path) in rpcs() {
        let row = &rows[path.as_str()];
        let places = messages.places(&format!("{package}.{}Request", path.rsplit('/').next().unwrap()));
        let request_id = places.iter().find(|place| place.path() == "request_id").cloned();
        let served = |service: &&str| package == format!("huying.{service}.v1") || package == "huying.log.v1";
        let service = SERVICES.into_iter().find(served).unwrap();
        let bearers = bearers(&world, row, service, &path);
        let is_command = request_id.is_some();
        let rpc = Asked { service, path: &path, row, bearers, is_command, request_id };
        try_none(&callers, &rpc, &mut wrong).await;
        asked += try_all(&callers, &rpc, &places, &mut wrong).await;
    }
    for service in SERVICES {
        wrong.extend(stored(&world.pool(service).await, service).await);
    }
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked > 1000, "only {asked}: are the fields still found?");
}
