//! A caller without right is refused on every RPC there is.

use http::uri::PathAndQuery;
use huying::services;
use huying_chassis::auth::{CITY, Role};
use huying_proto::access::{ACCESS, Callers};
use huying_testing::Bearer;
use huying_tests::{SERVICES, World};
use prost::Message;
use prost_types::FileDescriptorSet;
use tonic::{Code, Request, Status, client::Grpc};
use tonic_prost::ProstCodec;

/// Every RPC of our own: its package, and `/package.Service/Method`.
pub fn rpcs() -> Vec<(String, String)> {
    let set = FileDescriptorSet::decode(huying_proto::DESCRIPTORS).unwrap();
    let mut rpcs = Vec::new();
    for file in &set.file {
        for service in &file.service {
            for method in &service.method {
                rpcs.push((
                    file.package().to_owned(),
                    format!("/{}.{}/{}", file.package(), service.name(), method.name()),
                ));
            }
        }
    }
    rpcs
}

async fn call(world: &World, service: &str, method: &str, bearer: Bearer) -> Result<(), Status> {
    let mut grpc = Grpc::new(huying_testing::wire(world.address(service), bearer));
    grpc.ready().await.unwrap();
    let path: PathAndQuery = method.parse().unwrap();
    // An empty message: whoever gets past the door is refused for it, or answered, but not for lack of right.
    let mut stream =
        grpc.server_streaming(Request::new(()), path, ProstCodec::<(), ()>::default()).await?.into_inner();
    stream.message().await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_22_23_31_a_caller_without_right_is_refused_on_every_rpc() {
    let world = World::inside().await;
    let mut open: Vec<_> = ACCESS
        .iter()
        .filter(|access| matches!(access.callers, Callers::Anyone))
        .map(|access| access.method)
        .collect();
    open.sort_unstable();
    assert_eq!(
        open,
        [
            // Whoever holds a token of it.
            "/huying.evaluation.v1.CallbackService/GiveVerdict",
            // What was answered in public is for anyone to read.
            "/huying.evaluation.v1.InquiryService/ListPublicInquiries",
            // What a district asks is told to whoever is asked.
            "/huying.evaluation.v1.ProfileService/GetQuestions",
            "/huying.intake.v1.CardService/ResolveCard",
            "/huying.intake.v1.CardService/SubmitByCard",
            "/huying.intake.v1.RequestService/TrackRequest",
            // Who serves a grid is posted on the doors there.
            "/huying.routing.v1.DirectoryService/GetGridForces",
        ],
        "what is open to anyone is decided with care"
    );
    let mut refused = 0;
    for (package, method) in rpcs() {
        let served_by: Vec<&str> = SERVICES
            .into_iter()
            .filter(|service| package == format!("huying.{service}.v1") || package == "huying.log.v1")
            .collect();
        for service in served_by {
            if open.contains(&method.as_str()) {
                continue;
            }
            let nobody = call(&world, service, &method, Bearer(None)).await.unwrap_err();
            assert_eq!(
                (nobody.code(), huying_testing::reason(&nobody).as_str()),
                (Code::Unauthenticated, "TOKEN_MISSING"),
                "{service} {method}"
            );
            let allowed = roles(&method);
            for role in Role::ALL.iter().copied().filter(|role| !allowed.contains(role)) {
                let status =
                    call(&world, service, &method, world.bench.bearer(role, None, None)).await.unwrap_err();
                assert_eq!(
                    (status.code(), huying_testing::reason(&status).as_str()),
                    (Code::PermissionDenied, "ROLE_NOT_ALLOWED"),
                    "{service} {method} {role:?}"
                );
                refused += 1;
            }
        }
    }
    assert!(refused > 100, "only {refused} refusals: are the RPCs still found?");
}

/// Somebody of a role, who may call an rpc where that role may: as a service one that its contract names, or that follows the one called.
pub fn bearer(
    world: &World,
    (service, method): (&str, &str),
    role: Role,
    unit: Option<&str>,
    area: Option<&str>,
) -> Bearer {
    if role != Role::Service {
        return world.bench.bearer(role, unit, area);
    }
    world.bench.service(callers(service, method).first().copied().unwrap_or("nobody"), area)
}

/// The services that may call an rpc of a service: whom its contract names, or who follows the one called.
fn callers(service: &str, method: &str) -> &'static [&'static str] {
    match ACCESS.iter().find(|access| access.method == method).unwrap().services {
        ["*"] => services::named(service).unwrap().followed_by,
        named => named,
    }
}

/// A service calls what its name stands beside, and nothing else: neither another's log nor what only another asks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_calls_what_its_name_stands_beside() {
    let world = World::inside().await;
    let (mut let_in, mut refused) = (0, 0);
    for (package, method) in rpcs() {
        let entry = ACCESS.iter().find(|access| access.method == method).unwrap();
        let Callers::Roles(_) = entry.callers else { continue };
        let served = |service: &&str| package == format!("huying.{service}.v1") || package == "huying.log.v1";
        for owner in SERVICES.into_iter().filter(served) {
            let named = callers(owner, &method);
            for caller in SERVICES.into_iter().chain(["edge", "nobody"]) {
                let answer = call(&world, owner, &method, world.bench.service(caller, Some(CITY))).await;
                let denied = answer.err().filter(|status| status.code() == Code::PermissionDenied);
                assert_eq!(denied.is_none(), named.contains(&caller), "{caller} calls {owner} {method}");
                if denied.is_some() { refused += 1 } else { let_in += 1 }
            }
        }
    }
    assert_eq!(let_in, 4 + 3 * 7, "what is called, and who follows whom");
    assert!(refused > 500, "only {refused} refusals: are the RPCs still found?");
}

/// A name that no service has would let in whoever comes to have it.
#[test]
fn the_contract_names_only_services_that_there_are() {
    for access in ACCESS {
        let there = |name: &&str| *name == "*" || services::named(name).is_some();
        assert!(access.services.iter().all(there), "{} is for {:?}", access.method, access.services);
    }
}

/// A batch takes each of its steps past the door, so whoever may call it may call the rpc of each, and nobody else may.
#[test]
fn a_batch_has_the_callers_of_each_of_its_steps() {
    let set = FileDescriptorSet::decode(huying_proto::DESCRIPTORS).unwrap();
    let files = || set.file.iter().filter(|file| file.package() == "huying.casework.v1");
    let entry = |method: &str| {
        let path = format!("/huying.casework.v1.CaseService/{method}");
        ACCESS.iter().find(|access| access.method == path).unwrap()
    };
    let cases = files().flat_map(|file| &file.service).find(|it| it.name() == "CaseService").unwrap();
    let step = files().flat_map(|file| &file.message_type).find(|it| it.name() == "BatchStep").unwrap();
    let batch = entry("BatchSteps");
    for asked in &step.field {
        let inner = cases.method.iter().find(|method| method.input_type() == asked.type_name()).unwrap();
        let inner = entry(inner.name());
        assert_eq!((inner.callers, inner.services), (batch.callers, batch.services), "{}", inner.method);
    }
    assert!(step.field.len() >= 3, "are the steps still found?");
}

/// Who may call it.
pub fn roles(method: &str) -> Vec<Role> {
    let entry = ACCESS.iter().find(|access| access.method == method).unwrap();
    match entry.callers {
        Callers::Roles(roles) => Role::among(roles).collect(),
        Callers::Anyone => Role::ALL.to_vec(),
    }
}
