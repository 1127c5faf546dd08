//! Who reads a name or a phone is on record, and nobody reads one by the way.

use std::collections::{BTreeMap, BTreeSet};

use huying_chassis::auth::{Claims, Role};
use huying_intake::SERVICE;
use huying_proto::intake::v1::{
    self as pb, person_service_client::PersonServiceClient, request_service_client::RequestServiceClient,
};
use huying_testing::{Bearer, eventually, reason, wire};
use prost::Message;
use prost_types::{FileDescriptorSet, field_descriptor_proto::Type};
use sqlx::PgPool;
use tonic::Code;
use uuid::Uuid;

use super::{
    support::{DISTRICT, Town, call},
    visits::{self, GRID, household},
};

/// What nobody is told by the way: of the reporter, and of who was visited.
const HIDDEN: [&str; 3] = ["某居民", "13800138000", "李四"];

fn hides(what: &str, answer: &impl Message) {
    let bytes = answer.encode_to_vec();
    let text = String::from_utf8_lossy(&bytes);
    for hidden in HIDDEN {
        assert!(!text.contains(hidden), "{what} tells {hidden}");
    }
}

async fn kept(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from read_record").fetch_one(pool).await.unwrap()
}

async fn reads(
    town: &Town,
    area: &str,
    request: pb::ListReadsRequest,
) -> Result<Vec<pb::Read>, tonic::Status> {
    let mut auditor = town.persons(Role::Operator, None, Some(area));
    Ok(auditor.list_reads(request).await?.into_inner().reads)
}

fn all() -> pb::ListReadsRequest {
    pb::ListReadsRequest { district: DISTRICT.into(), ..Default::default() }
}

/// A call whose order names somebody too.
fn naming() -> pb::SubmitRequestRequest {
    let extensions = [("联系人".to_owned(), "李四".to_owned())].into();
    pb::SubmitRequestRequest { order: Some(pb::Order { extensions, ..Default::default() }), ..call() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_33_a_phone_is_masked_unless_asked_for_and_then_on_record() {
    let town = Town::open().await;
    let pool = town.pool().await;
    let mut officer = town.officer();
    let taken = officer.submit_request(naming()).await.unwrap().into_inner();
    hides("SubmitRequest", &taken);
    let id = taken.request.unwrap().id;
    let get = pb::GetRequestRequest { id: id.clone() };
    let seen = officer.get_request(get.clone()).await.unwrap().into_inner();
    hides("GetRequest", &seen);
    let reporter = seen.reporter.unwrap();
    assert_eq!((reporter.name.as_str(), reporter.phone.as_str()), ("某**", "+*********8000"));
    let list = pb::ListRequestsRequest { district: DISTRICT.into(), ..Default::default() };
    hides("ListRequests", &officer.list_requests(list).await.unwrap().into_inner());
    let watch =
        pb::WatchRequestsRequest { district: DISTRICT.into(), unit: "G-1".into(), cursor: String::new() };
    let mut watched = officer.watch_requests(watch).await.unwrap().into_inner();
    hides("WatchRequests", &watched.message().await.unwrap().unwrap());
    let (request_id, content) = (Uuid::now_v7().to_string(), "还有".into());
    let add = pb::AddInformationRequest { request_id, id: id.clone(), content };
    hides("AddInformation", &officer.add_information(add).await.unwrap().into_inner());

    // Who may not reach the reporter is told nothing and leaves no record.
    let ask = pb::GetReporterRequest { id: id.clone() };
    for (role, unit, area, told) in [
        (Role::Leader, None, DISTRICT, (Code::PermissionDenied, "ROLE_NOT_ALLOWED")),
        (Role::Officer, Some("G-9"), GRID, (Code::PermissionDenied, "NOT_FIRST_CONTACT")),
        (Role::Desk, Some("S-2"), "990101002", (Code::NotFound, "NOT_FOUND")),
        (Role::Desk, None, "990102", (Code::NotFound, "NOT_FOUND")),
    ] {
        let refused = town.persons(role, unit, Some(area)).get_reporter(ask.clone()).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), told, "{role:?} {unit:?}");
    }
    assert_eq!(kept(&pool).await, 0);

    let told = town.persons(Role::Desk, Some("S-1"), Some("990101001")).get_reporter(ask).await.unwrap();
    let told = told.into_inner();
    assert_eq!(told.extensions["联系人"], "李四");
    assert_eq!(told.reporter.unwrap().phone, "+8613800138000");
    let mut read = reads(&town, DISTRICT, pb::ListReadsRequest { whose: id.clone(), ..all() }).await.unwrap();
    let read = read.pop().unwrap();
    assert_eq!(
        (read.kind(), read.whose.as_str(), read.rpc.as_str()),
        (pb::ReadKind::Request, &*id, "GetReporter")
    );
    assert_eq!((read.subject.as_str(), read.unit.as_str()), ("test-desk", "S-1"));
    assert_eq!(
        (read.roles.as_slice(), read.name, read.phone, read.other),
        (&["desk".to_owned()][..], true, true, true)
    );
    let row: String =
        sqlx::query_scalar("select read_record::text from read_record").fetch_one(&pool).await.unwrap();
    assert!(HIDDEN.iter().all(|hidden| !row.contains(hidden)), "{row}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_visited_and_who_lives_there_are_told_on_record_too() {
    let town = visits::town().await;
    let pool = town.pool().await;
    let mut team = visits::team(&town);
    let visit = team.record_visit(household("二号楼")).await.unwrap().into_inner();
    hides("RecordVisit", &visit);
    let visit = visit.visit.unwrap();
    let get = pb::GetVisitRequest { id: visit.id.clone() };
    hides("GetVisit", &team.get_visit(get).await.unwrap().into_inner());
    let mut archives = visits::archives(&town, Role::Officer, Some("G-1"), GRID);
    let get = pb::GetArchiveRequest { id: visit.archive.clone() };
    hides("GetArchive", &archives.get_archive(get).await.unwrap().into_inner());
    let list = pb::ListArchivesRequest { district: DISTRICT.into(), ..Default::default() };
    hides("ListArchives", &archives.list_archives(list).await.unwrap().into_inner());
    assert_eq!(kept(&pool).await, 0);

    let visited = pb::GetVisitedRequest { id: visit.id.clone() };
    let occupant = pb::GetOccupantRequest { id: visit.archive.clone() };
    let mut other = town.persons(Role::Officer, Some("C-1"), Some("990101001001"));
    for refused in [
        other.get_visited(visited.clone()).await.map(drop).unwrap_err(),
        other.get_occupant(occupant.clone()).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(reason(&refused), "NOT_FIRST_CONTACT");
    }
    let mut own = town.persons(Role::Officer, Some("G-1"), Some(GRID));
    let told = own.get_visited(visited).await.unwrap().into_inner().visited.unwrap();
    let lives = own.get_occupant(occupant).await.unwrap().into_inner().visited.unwrap();
    assert_eq!((told.name.as_str(), lives.name.as_str()), ("某居民", "某居民"));
    let by = pb::ListReadsRequest { subject: "test-officer".into(), ..all() };
    let read = reads(&town, DISTRICT, by).await.unwrap();
    let of: Vec<_> = read.iter().map(|it| (it.kind(), it.whose.as_str())).collect();
    assert_eq!(of, [(pb::ReadKind::Archive, &*visit.archive), (pb::ReadKind::Visit, &*visit.id)]);
}

/// Nothing is told that cannot be kept on record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_record_there_is_no_answer() {
    let town = Town::open().await;
    let id = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    let pool = town.pool().await;
    sqlx::query("alter table read_record add constraint full_now check (false)")
        .execute(&pool)
        .await
        .unwrap();
    let mut officer = town.persons(Role::Officer, Some("G-1"), Some(GRID));
    let ask = pb::GetReporterRequest { id };
    let refused = officer.get_reporter(ask.clone()).await.unwrap_err();
    assert!(refused.code() != Code::Ok && !format!("{refused:?}").contains("13800138000"));
    sqlx::query("alter table read_record drop constraint full_now").execute(&pool).await.unwrap();
    officer.get_reporter(ask).await.unwrap();
    assert_eq!(kept(&pool).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_are_for_who_governs_the_district_page_by_page_and_by_time() {
    let town = Town::open().await;
    let id = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    for (role, unit) in [(Role::Officer, Some("G-1")), (Role::Desk, None), (Role::Callback, None)] {
        let ask = pb::GetReporterRequest { id: id.clone() };
        town.persons(role, unit, Some("990101001001")).get_reporter(ask).await.unwrap();
    }
    for area in ["990101001", "990102", "990101001001001"] {
        assert_eq!(reason(&reads(&town, area, all()).await.unwrap_err()), "OUTSIDE_AREA", "{area}");
    }
    assert_eq!(reads(&town, "9901", all()).await.unwrap().len(), 3);
    let mut page = pb::ListReadsRequest { page_size: 1, ..all() };
    let (mut auditor, mut subjects) = (town.persons(Role::Leader, None, Some(DISTRICT)), Vec::new());
    loop {
        let answer = auditor.list_reads(page.clone()).await.unwrap().into_inner();
        subjects.extend(answer.reads.into_iter().map(|read| read.subject));
        page.page_token = answer.next_page_token;
        if page.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(subjects, ["test-callback", "test-desk", "test-officer"], "the newest first, each once");
    let all_read = reads(&town, DISTRICT, all()).await.unwrap();
    let (newest, oldest) = (all_read[0].read_time, all_read[2].read_time);
    let found = async |request| reads(&town, DISTRICT, request).await.unwrap().len();
    let both = pb::ListReadsRequest { whose: id.clone(), subject: "test-desk".into(), ..all() };
    assert_eq!(found(both).await, 1);
    assert_eq!(found(pb::ListReadsRequest { from_time: newest, ..all() }).await, 1);
    assert_eq!(found(pb::ListReadsRequest { to_time: newest, ..all() }).await, 2);
    assert_eq!(found(pb::ListReadsRequest { to_time: oldest, ..all() }).await, 0);
    for bad in [
        pb::ListReadsRequest { district: "9".into(), ..all() },
        pb::ListReadsRequest { whose: "9".into(), ..all() },
        pb::ListReadsRequest { subject: "x".repeat(201), ..all() },
        pb::ListReadsRequest { page_size: 201, ..all() },
    ] {
        assert_eq!(reason(&reads(&town, DISTRICT, bad).await.unwrap_err()), "BAD_FIELD");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_long_enough_is_forgotten() {
    let town = Town::open().await;
    let id = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    town.reporter(&id).await;
    town.reporter(&id).await;
    let pool = town.pool().await;
    let days: i32 = sqlx::query_scalar("select extract(day from max(forget_at - at))::int4 from read_record")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(days, 1095);
    let past = "update read_record set forget_at = now() - interval '1 s' where id = (select min(id::text)::uuid from read_record)";
    sqlx::query(past).execute(&pool).await.unwrap();
    eventually("the older one is gone", async || (kept(&pool).await == 1).then_some(())).await;
}

#[tokio::test]
async fn records_are_kept_half_a_year_at_least() {
    for (days, fits) in [("179", false), ("180", true), ("3650", true), ("3651", false)] {
        let set = [("HUYING_INTAKE__SERVICE__READS_KEPT_DAYS".to_owned(), days.to_owned())];
        let told = SERVICE.load(None, set);
        let wrong = told.err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(!wrong.contains("reads_kept_days"), fits, "{days}: {wrong}");
    }
}

/// A platform reads whom it sent, and no other platform does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_reads_whom_it_sent() {
    let town = Town::open().await;
    let platform = |subject: &str| {
        let claims = Claims::new(subject, [Role::Platform]).area(DISTRICT).doors(["online"]);
        Bearer(Some(town.bench.token(&claims)))
    };
    let mut app = RequestServiceClient::new(wire(town.address, platform("platform:app")));
    let id = app.submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    let ask = pb::GetReporterRequest { id };
    let mut own = PersonServiceClient::new(wire(town.address, platform("platform:app")));
    assert_eq!(own.get_reporter(ask.clone()).await.unwrap().into_inner().reporter.unwrap().name, "某居民");
    let mut other = PersonServiceClient::new(wire(town.address, platform("platform:other")));
    assert_eq!(reason(&other.get_reporter(ask).await.unwrap_err()), "NOT_FOUND");
}

/// The messages that name people, as every answer may hold them.
const PERSONS: [&str; 3] =
    [".huying.intake.v1.Reporter", ".huying.intake.v1.Visited", ".huying.intake.v1.Participant"];

/// Whoever has intake's login can say that it forgets, and nothing is forgotten before its time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_71_a_record_is_neither_changed_nor_erased() {
    let town = Town::open().await;
    let id = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap().id;
    town.reporter(&id).await;
    let own = PgPool::connect(town.settings.database_url.expose()).await.unwrap();
    for attack in [
        "update read_record set subject = ''",
        "update read_record set forget_at = now()",
        "delete from read_record",
        "truncate read_record",
        "create or replace function forget_reads(uuid[]) returns void language sql as 'delete from read_record'",
    ] {
        let refused = sqlx::query(attack).execute(&own).await.expect_err(attack);
        assert_eq!(refused.as_database_error().unwrap().code().as_deref(), Some("42501"), "{attack}");
    }
    let all = "select forget_reads(array(select id from read_record))";
    sqlx::query(all).execute(&own).await.unwrap();
    assert_eq!(kept(&own).await, 1);
    // In a transaction that nobody else sees, so that the timer does not come first.
    let pool = town.pool().await;
    let mut owner = pool.begin().await.unwrap();
    sqlx::query("update read_record set forget_at = now()").execute(&mut *owner).await.unwrap();
    sqlx::query(all).execute(&mut *owner).await.unwrap();
    let left: i64 =
        sqlx::query_scalar("select count(*) from read_record").fetch_one(&mut *owner).await.unwrap();
    assert_eq!(left, 0);
}

/// The rpcs whose answers have a person in them: masked, but for those of `PersonService`.
const TELL: [&str; 26] = [
    "ArchiveService/GetArchive",
    "ArchiveService/ListArchives",
    "ArchiveService/ListVisitsDue",
    "ArchiveService/ObligeVisit",
    "ArchiveService/OpenArchive",
    "ArchiveService/UpdateArchive",
    "CardService/NoteCall",
    "ForumService/GetForum",
    "ForumService/HoldForum",
    "ForumService/ListForums",
    "PersonService/GetOccupant",
    "PersonService/GetParticipants",
    "PersonService/GetReporter",
    "PersonService/GetVisited",
    "RequestService/AddInformation",
    "RequestService/AnswerRequest",
    "RequestService/GetRequest",
    "RequestService/ListRequests",
    "RequestService/RaiseObjection",
    "RequestService/SubmitRequest",
    "RequestService/TellProgress",
    "RequestService/WatchRequests",
    "RequestService/WithdrawRequest",
    "VisitService/GetVisit",
    "VisitService/ListVisits",
    "VisitService/RecordVisit",
];

/// Whether a message holds one of them, however deep.
fn holds(messages: &BTreeMap<String, Vec<String>>, name: &str) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![name.to_owned()]);
    while let Some(one) = next.pop() {
        next.extend(
            messages.get(&one).cloned().unwrap_or_default().into_iter().filter(|it| !seen.contains(it)),
        );
        seen.insert(one);
    }
    PERSONS.iter().any(|person| seen.contains(*person))
}

#[test]
fn answers_with_a_person_are_known() {
    let set = FileDescriptorSet::decode(huying_proto::DESCRIPTORS).unwrap();
    let mut messages = BTreeMap::new();
    for file in &set.file {
        for message in &file.message_type {
            let inner = message.field.iter().filter(|field| field.r#type() == Type::Message);
            let inner: Vec<String> = inner.map(|field| field.type_name().to_owned()).collect();
            messages.insert(format!(".{}.{}", file.package(), message.name()), inner);
        }
    }
    let mut found: Vec<String> = Vec::new();
    for service in set.file.iter().flat_map(|file| &file.service) {
        let told = service.method.iter().filter(|method| holds(&messages, method.output_type()));
        found.extend(told.map(|method| format!("{}/{}", service.name(), method.name())));
    }
    found.sort();
    assert_eq!(found, TELL, "whose answer has a person in it masks them");
}
