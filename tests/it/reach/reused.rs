//! A request id belongs to one command, on every RPC that takes one: for other content it is refused to whoever reaches what they ask
//! about, before anything else is, and nothing changes.

use huying_chassis::auth::Role;
use huying_testing::reason;
use huying_tests::{SERVICES, World, people::DISTRICT};
use prost::Message;
use prost_types::FileDescriptorSet;
use sqlx::PgPool;
use uuid::Uuid;

use super::{Area, Callers, Outcome, UNIT, expected, life_and_round, rows, rpcs, table::Rule};

/// The field that all these messages begin with.
#[derive(Clone, PartialEq, Message)]
struct Head {
    #[prost(string, tag = "1")]
    request_id: String,
}

/// Every RPC with a request id: its service, its path, and its message's full name.
fn commands() -> Vec<(&'static str, String, String)> {
    let set = FileDescriptorSet::decode(huying_proto::DESCRIPTORS).unwrap();
    let with_id: Vec<String> = (set.file.iter())
        .flat_map(|file| file.message_type.iter().map(|message| (file.package(), message)))
        .filter(|(_, message)| message.field.iter().any(|field| field.name() == "request_id"))
        .map(|(package, message)| format!("{package}.{}", message.name()))
        .collect();
    let mut commands = Vec::new();
    for (package, path) in rpcs() {
        let message = format!("{package}.{}Request", path.rsplit('/').next().unwrap());
        let service = SERVICES.into_iter().find(|name| package == format!("huying.{name}.v1"));
        if let Some(service) = service.filter(|_| with_id.contains(&message)) {
            commands.push((service, path, message));
        }
    }
    assert_eq!(commands.len(), with_id.len(), "{with_id:?} are asked for by one RPC each");
    commands
}

/// The id was used by this caller for the same method, with content that no message has.
async fn used(pool: &PgPool, role: Role, request_id: Uuid, message: &str) {
    sqlx::query("insert into command values ($1, 'huying', $2, $3, $4, gen_random_uuid(), 1, now())")
        .bind(request_id)
        .bind(format!("test-{}", role.name()))
        .bind(message)
        .bind([0_u8; 32].as_slice())
        .execute(pool)
        .await
        .unwrap();
}

async fn kept(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from command").fetch_one(pool).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_40_a_request_id_is_good_for_one_command_of_every_rpc() {
    let world = World::inside().await;
    let rows = rows(&world, &Box::pin(life_and_round(&world.people())).await);
    let (callers, mut wrong, mut refused) = (Callers::new(&world), Vec::new(), 0);
    for (service, path, message) in commands() {
        let row = &rows[path.as_str()];
        // Who calls it is known by what they hold, not by a token.
        if row.rule == Rule::Anyone {
            continue;
        }
        let request_id: Uuid = Head::decode(row.message.as_slice()).unwrap().request_id.parse().unwrap();
        let pool = world.pool(service).await;
        let mut told = Vec::new();
        // What a caller has used is theirs, whatever they are: a service is one more.
        for &role in Role::ALL.iter().filter(|role| **role != Role::Service) {
            if expected(row, &path, role, Area::District) != Outcome::Reached {
                continue;
            }
            used(&pool, role, request_id, &message).await;
            let before = kept(&pool).await;
            let unit = (role == Role::Department).then_some(UNIT);
            let bearer = world.bench.bearer(role, unit, Some(DISTRICT));
            let answer = callers.call(service, &path, &bearer, &row.message).await;
            told.push(answer.as_ref().map_or_else(reason, |()| "an answer".to_owned()));
            assert_eq!(kept(&pool).await, before, "{path} {role:?}: {answer:?}");
        }
        // Whom a reporter's request is not entrusted to may not act on it at all.
        told.retain(|reason| reason != "NOT_FIRST_CONTACT" && reason != "NOT_CARD_UNIT");
        if told.is_empty() || told.iter().any(|reason| reason != "REQUEST_ID_REUSED") {
            wrong.push(format!("{path}: {told:?}"));
        }
        refused += told.len();
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(refused > 40, "only {refused}: are the RPCs still found?");
}
