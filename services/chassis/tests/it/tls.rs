//! TLS of listeners and callers: who is let in, what a certificate is worth beside a token, and that files are read again.

use std::fs;
use std::path::Path;
use std::time::Duration;

use huying_chassis::auth::{Authenticator, Claims, Role, TokenSource};
use huying_chassis::config::{Config, NoSettings, TlsConfig, WhoShows, load, settings};
use huying_chassis::peers::Peer;
use huying_chassis::server::Door;
use huying_chassis::server::admin::{Readiness, serve};
use huying_chassis::service::probe;
use huying_chassis::shutdown::Shutdown;
use huying_chassis::status::reason;
use huying_chassis::tls::{Dialer, Port, Secure};
use huying_http::{Way, get};
use huying_testing::{eventually, pki::Pki};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tonic::transport::Endpoint;
use tonic::{Request, Status};

use crate::probe::{Running, limits, start_over, unary};

const HERE: &str = "127.0.0.1";
const CASEWORK: &str = "huying:service:casework";
const EVALUATION: &str = "huying:service:evaluation";

/// A server that looks at its files for each connection.
async fn server(tls: &TlsConfig) -> Running {
    let secure = Secure::looking_every(tls, Port::Calls, Duration::ZERO).unwrap();
    start_over(secure, limits(), |auth| Authenticator::new(&auth).unwrap()).await
}

/// Calls over a connection of its own.
async fn call(
    server: &Running,
    dialer: &Dialer,
    method: &str,
    claims: Option<Claims>,
) -> Result<String, Status> {
    let url = format!("https://{}", server.address);
    let channel = dialer.channel(&url, |kept| kept.connect_timeout(Duration::from_secs(3))).unwrap();
    let mut request = Request::new("here".to_owned());
    if let Some(claims) = claims {
        let token = server.issuer.mint(&claims, Duration::from_secs(60)).unwrap();
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    unary(Peer::over(channel, TokenSource::none()), method, request).await
}

async fn echo(server: &Running, tls: &TlsConfig) -> Result<String, Status> {
    call(server, &Dialer::new(tls).unwrap(), "Echo", None).await
}

/// The call did not come to where reasons are given.
fn never_arrived(answer: Result<String, Status>) {
    let status = answer.unwrap_err();
    assert_eq!(reason(&status), None, "{status:?}");
}

fn over(path: &Path, with: &Path) {
    let fresh = path.with_extension("fresh");
    fs::copy(with, &fresh).unwrap();
    fs::rename(&fresh, path).unwrap();
}

#[tokio::test]
async fn attack_19_plaintext_is_not_answered() {
    let pki = Pki::new();
    let server = server(&pki.trusting("server", &[HERE])).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    // An alert, which is the record 21 of TLS, or nothing at all.
    assert!(answer.first().is_none_or(|first| *first == 21), "{answer:?}");
    let plain = Endpoint::from_shared(format!("http://{}", server.address)).unwrap().connect_lazy();
    never_arrived(unary(plain, "Echo", Request::new(String::new())).await);

    let known = TlsConfig { ca_file: Some(pki.ca()), ..TlsConfig::default() };
    assert_eq!(echo(&server, &known).await.unwrap(), "here");
}

#[tokio::test]
async fn who_says_nothing_holds_up_nobody() {
    let pki = Pki::new();
    let tls = pki.trusting("server", &[HERE]);
    let server = server(&tls).await;
    let silent = futures::future::join_all((0..32).map(|_| TcpStream::connect(server.address))).await;
    assert_eq!(echo(&server, &tls).await.unwrap(), "here");
    drop(silent);
}

#[tokio::test]
async fn who_says_nothing_has_taken_a_seat() {
    let (pki, mut few) = (Pki::new(), limits());
    few.admission.connections = 2;
    let tls = pki.trusting("server", &[HERE]);
    let secure = Secure::looking_every(&tls, Port::Calls, Duration::ZERO).unwrap();
    let server = start_over(secure, few, |auth| Authenticator::new(&auth).unwrap()).await;
    let silent = futures::future::join_all((0..2).map(|_| TcpStream::connect(server.address))).await;
    let mut late = TcpStream::connect(server.address).await.unwrap();
    // Long before anybody is let go for saying nothing.
    let sent_away = timeout(Duration::from_secs(2), late.read(&mut [0])).await.unwrap();
    assert!(sent_away.map_or(true, |bytes| bytes == 0));
    drop(silent);
    eventually("a seat is free again", async || echo(&server, &tls).await.ok()).await;
}

#[tokio::test]
async fn attack_20_without_a_certificate_nobody_gets_in() {
    let pki = Pki::new();
    let server = server(&pki.mutual("server", &[HERE])).await;
    let nobody = TlsConfig { ca_file: Some(pki.ca()), ..TlsConfig::default() };
    never_arrived(echo(&server, &nobody).await);
    assert_eq!(echo(&server, &pki.trusting("caller", &["caller"])).await.unwrap(), "here");
}

#[tokio::test]
async fn attack_21_a_certificate_of_another_authority_or_an_old_one_is_worth_nothing() {
    let (pki, other) = (Pki::new(), Pki::new());
    let server = server(&pki.mutual("server", &[HERE])).await;
    for (cert, key) in [other.certificate("other", &[CASEWORK]), pki.expired("old", &[CASEWORK])] {
        let shown = TlsConfig {
            cert_file: Some(cert),
            key_file: Some(key),
            ca_file: Some(pki.ca()),
            ..TlsConfig::default()
        };
        never_arrived(echo(&server, &shown).await);
    }
    // The other way round: a caller believes no server that cannot show the right one, for the right name.
    let caller = pki.trusting("caller", &["caller"]);
    let (cert, key) = pki.expired("server-old", &[HERE]);
    let old = TlsConfig { cert_file: Some(cert), key_file: Some(key), ..TlsConfig::default() };
    for tls in [old, pki.trusting("elsewhere", &["elsewhere"]), other.trusting("server", &[HERE])] {
        never_arrived(echo(&self::server(&tls).await, &caller).await);
    }
}

#[tokio::test]
async fn attack_22_the_token_must_name_whom_the_certificate_names() {
    let pki = Pki::new();
    let server = server(&pki.mutual("server", &[HERE])).await;
    let reason_of = async |names: &[&str], claims: Option<Claims>| {
        let dialer = Dialer::new(&pki.trusting("caller", names)).unwrap();
        call(&server, &dialer, "Who", claims).await.map_err(|status| reason(&status).unwrap())
    };
    let desk = || Some(Claims::new("desk-1", [Role::Desk]));
    let service = |name| Some(Claims::service(name));
    let (another, table) = ("CERTIFICATE_OF_ANOTHER".to_owned(), "ROLE_NOT_ALLOWED".to_owned());
    // The table has the last word: whoever comes to it has shown the right certificate.
    for (names, name) in [
        (&[CASEWORK][..], "casework"),
        (&["casework"][..], "casework"),
        (&[HERE, "evaluation"][..], "evaluation"),
    ] {
        assert_eq!(reason_of(names, service(name)).await, Err(table.clone()), "{names:?} {name}");
    }
    for (names, name) in [
        (&[EVALUATION][..], "casework"),
        (&["evaluation"][..], "casework"),
        (&["casework", EVALUATION][..], "casework"),
        (&["casework.example.cn"][..], "casework"),
        (&["*.casework"][..], "casework"),
        (&["people"][..], "casework"),
    ] {
        assert_eq!(reason_of(names, service(name)).await, Err(another.clone()), "{names:?} {name}");
    }
    assert_eq!(reason_of(&["people"], desk()).await, Ok("desk-1".to_owned()));
    assert_eq!(
        reason_of(&[EVALUATION], desk()).await,
        Err(another),
        "a service is no desk, whose token it may hold"
    );
}

#[tokio::test]
async fn attack_23_a_certificate_alone_is_no_caller() {
    let pki = Pki::new();
    let server = server(&pki.mutual("server", &[HERE])).await;
    let dialer = Dialer::new(&pki.trusting("caller", &[CASEWORK])).unwrap();
    let status = call(&server, &dialer, "Who", None).await.unwrap_err();
    assert_eq!(
        (status.code(), reason(&status).unwrap().as_str()),
        (tonic::Code::Unauthenticated, "TOKEN_MISSING")
    );
}

#[tokio::test]
async fn where_only_services_must_show_theirs_anybody_else_comes_without() {
    let pki = Pki::new();
    let server =
        server(&TlsConfig { client_certificates: WhoShows::Services, ..pki.mutual("server", &[HERE]) }).await;
    let nobody = Dialer::new(&TlsConfig { ca_file: Some(pki.ca()), ..TlsConfig::default() }).unwrap();
    let desk = Claims::new("desk-1", [Role::Desk]);
    assert_eq!(call(&server, &nobody, "Who", Some(desk)).await.unwrap(), "desk-1");
    let status = call(&server, &nobody, "Who", Some(Claims::service("casework"))).await.unwrap_err();
    assert_eq!(reason(&status).unwrap(), "CERTIFICATE_MISSING");
    let strange = Pki::new();
    let other = TlsConfig { ca_file: Some(pki.ca()), ..strange.trusting("other", &[CASEWORK]) };
    let other = Dialer::new(&other).unwrap();
    never_arrived(call(&server, &other, "Echo", None).await);
}

#[tokio::test]
async fn a_renewed_certificate_counts_from_the_next_connection_on() {
    let pki = Pki::new();
    let tls = pki.trusting("server", &[HERE]);
    let server = server(&tls).await;
    assert_eq!(echo(&server, &tls).await.unwrap(), "here");
    pki.certificate("server", &["elsewhere"]);
    never_arrived(echo(&server, &tls).await);
    pki.certificate("server", &[HERE]);
    assert_eq!(echo(&server, &tls).await.unwrap(), "here");
}

#[tokio::test]
async fn broken_files_leave_what_was_there_before() {
    let pki = Pki::new();
    let tls = pki.mutual("server", &[HERE]);
    let (server, caller) = (server(&tls).await, pki.trusting("caller", &["caller"]));
    let (cert, key) = (tls.cert_file.clone().unwrap(), tls.key_file.clone().unwrap());
    let (good, good_key) = pki.certificate("good", &[HERE]);
    let nonsense = pki.ca().with_file_name("nonsense");
    fs::write(&nonsense, "no certificate").unwrap();
    for (path, with) in [
        (&cert, &nonsense),
        (&cert, &good),
        (&key, &nonsense),
        (&tls.client_ca_file.clone().unwrap(), &nonsense),
    ] {
        over(path, with);
        let known = TlsConfig { ca_file: Some(good_ca(&pki, &caller)), ..caller.clone() };
        assert_eq!(echo(&server, &known).await.unwrap(), "here", "{} for {}", with.display(), path.display());
    }
    // Together they make sense again.
    for (path, with) in [(&key, &good_key), (&tls.client_ca_file.clone().unwrap(), &good_ca(&pki, &caller))] {
        over(path, with);
    }
    let known = TlsConfig { ca_file: Some(good_ca(&pki, &caller)), ..caller };
    assert_eq!(echo(&server, &known).await.unwrap(), "here");
}

/// The authority's certificate, kept where nothing is written over it.
fn good_ca(pki: &Pki, caller: &TlsConfig) -> std::path::PathBuf {
    let kept = pki.ca().with_file_name("kept.pem");
    if !kept.exists() {
        fs::copy(caller.ca_file.as_ref().unwrap(), &kept).unwrap();
    }
    kept
}

#[tokio::test]
async fn another_authority_of_callers_counts_without_a_restart() {
    let (pki, next) = (Pki::new(), Pki::new());
    let authority = pki.ca().with_file_name("callers.pem");
    fs::copy(pki.ca(), &authority).unwrap();
    let server =
        server(&TlsConfig { client_ca_file: Some(authority.clone()), ..pki.trusting("server", &[HERE]) })
            .await;
    let by =
        |authority: &Pki| TlsConfig { ca_file: Some(pki.ca()), ..authority.trusting("caller", &["caller"]) };
    let (first, second) = (by(&pki), by(&next));
    assert_eq!(echo(&server, &first).await.unwrap(), "here");
    never_arrived(echo(&server, &second).await);
    over(&authority, &next.ca());
    assert_eq!(echo(&server, &second).await.unwrap(), "here");
    never_arrived(echo(&server, &first).await);
}

#[tokio::test]
async fn a_caller_shows_its_renewed_certificate() {
    let pki = Pki::new();
    let server = server(&pki.mutual("server", &[HERE])).await;
    let caller = pki.trusting("caller", &["people"]);
    let dialer = Dialer::looking_every(&caller, Duration::ZERO).unwrap();
    let service = || Some(Claims::service("casework"));
    let told = async || reason(&call(&server, &dialer, "Who", service()).await.unwrap_err()).unwrap();
    assert_eq!(told().await, "CERTIFICATE_OF_ANOTHER");
    pki.certificate("caller", &[CASEWORK]);
    assert_eq!(told().await, "ROLE_NOT_ALLOWED");
}

#[tokio::test]
async fn the_second_port_speaks_tls_and_asks_nobody_for_a_certificate() {
    let pki = Pki::new();
    let tls = pki.mutual("server", &[HERE]);
    let listener = TcpListener::bind((HERE, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let door = Door::new(listener, Secure::new(&tls, Port::Admin).unwrap()).unwrap();
    let (shutdown, ended) = (Shutdown::new(), Shutdown::new());
    tokio::spawn(serve(door, Readiness::new(), None, shutdown, ended.clone()));
    let url = format!("https://{address}/livez").parse().unwrap();
    let within = Duration::from_secs(5);
    let alive = get(&Way::secure(Some(&pki.ca())).unwrap(), &url, 1024, within).await.unwrap();
    assert_eq!(&alive[..], br#"{"alive":true}"#);
    let plain = format!("http://{address}/livez").parse().unwrap();
    assert!(get(&Way::plain(), &plain, 1024, within).await.is_err());
    ended.begin();
    let left = Secure::new(&TlsConfig { admin_plaintext: true, ..tls }, Port::Admin).unwrap();
    assert!(left.is_none(), "a setting leaves it plain");
}

#[tokio::test]
async fn a_probe_asks_the_second_port_as_the_settings_say() {
    let pki = Pki::new();
    let tls = pki.trusting("server", &["localhost"]);
    for secure in [true, false] {
        let tls = TlsConfig { admin_plaintext: !secure, ..tls.clone() };
        let listener = TcpListener::bind((HERE, 0)).await.unwrap();
        let at = listener.local_addr().unwrap().to_string();
        let door = Door::new(listener, Secure::new(&tls, Port::Admin).unwrap()).unwrap();
        let (readiness, ended) = (Readiness::new(), Shutdown::new());
        tokio::spawn(serve(door, readiness.clone(), None, Shutdown::new(), ended.clone()));
        let mut own = settings::<NoSettings>("intake", "", None, Vec::new()).unwrap();
        (own.admin_listen, own.tls) = (at.parse().unwrap(), tls);
        readiness.set("database", false);
        let told = format!("{:#}", probe::ask(&own).await.unwrap_err());
        assert!(told.contains("database"), "{told}");
        readiness.set("database", true);
        probe::ask(&own).await.unwrap();
        ended.begin();
    }
}

#[test]
fn it_does_not_start_with_files_that_make_no_sense() {
    let (pki, other) = (Pki::new(), Pki::new());
    let tls = pki.mutual("server", &[HERE]);
    let (_, wrong_key) = other.certificate("other", &[HERE]);
    let gone = Some(pki.ca().with_file_name("gone"));
    let told = |tls: TlsConfig| Secure::new(&tls, Port::Calls).map(drop).unwrap_err().to_string();
    assert!(told(TlsConfig { cert_file: gone.clone(), ..tls.clone() }).contains("gone"));
    assert!(
        told(TlsConfig { client_ca_file: tls.key_file.clone(), ..tls.clone() }).contains("no certificate")
    );
    assert!(told(TlsConfig { cert_file: tls.key_file.clone(), ..tls.clone() }).contains("no certificate"));
    assert!(told(TlsConfig { key_file: tls.cert_file.clone(), ..tls.clone() }).contains("no private key"));
    assert!(Secure::new(&TlsConfig { key_file: Some(wrong_key), ..tls.clone() }, Port::Calls).is_err());
    assert!(Dialer::new(&TlsConfig { ca_file: gone, ..tls }).is_err());
}

/// A configuration with nothing wrong but what is given.
fn config(pairs: &[(&str, &str)]) -> Config<NoSettings> {
    let usual = [
        ("DATABASE_URL", "postgres://127.0.0.1/intake"),
        ("NATS_URL", "nats://localhost:4222"),
        ("NATS__KEY_FILE", "intake.nk"),
        ("AUTH__KEY_FILE", "issuer.pem"),
    ];
    let env =
        usual.iter().chain(pairs).map(|(key, value)| (format!("HUYING_INTAKE__{key}"), (*value).to_owned()));
    load("intake", "", None, env).unwrap()
}

#[test]
fn attack_19_nothing_leaves_the_machine_in_the_clear_unless_a_setting_says_so() {
    for (pairs, what) in [
        (&[("LISTEN", "0.0.0.0:50051")][..], "what listen (0.0.0.0:50051)"),
        (&[("LISTEN", "[::]:50051")][..], "what listen ([::]:50051)"),
        (&[("ADMIN_LISTEN", "10.0.0.1:9090")][..], "what admin_listen (10.0.0.1:9090)"),
        (&[("PEERS__ROUTING", "http://routing:50051")][..], "what goes to peers.routing"),
        (
            &[("TELEMETRY__OTLP_ENDPOINT", "http://collector:4317")][..],
            "what goes to telemetry.otlp_endpoint",
        ),
        (&[("DATABASE_URL", "postgres://db/intake")][..], "what goes to PostgreSQL"),
        (&[("DATABASE_URL", "postgres://db/intake?sslmode=require")][..], "what goes to PostgreSQL"),
        (&[("DATABASE_URL", "postgres://db/intake?sslmode=verify-ca")][..], "what goes to PostgreSQL"),
        (&[("NATS_URL", "nats://one:4222,nats://127.0.0.1:4222")][..], "what goes to NATS"),
    ] {
        let refused = config(pairs).check().unwrap_err().to_string();
        assert!(refused.contains(what) && refused.contains("tls.plaintext = true"), "{refused}");
        let said = [pairs, &[("TLS__PLAINTEXT", "true"), ("AUTH__TOKEN_FILE", "token")]].concat();
        let config = config(&said);
        config.check().unwrap();
        let warnings = config.warnings();
        assert!(warnings.len() == 1 && warnings[0].contains(what), "{warnings:?}");
    }
}

#[test]
fn what_is_encrypted_or_stays_here_is_let_through() {
    let own = [
        ("TLS__CERT_FILE", "a.pem"),
        ("TLS__KEY_FILE", "a.key"),
        ("TLS__CA_FILE", "ca.pem"),
        ("AUTH__TOKEN_FILE", "token"),
    ];
    for pairs in [
        &[("LISTEN", "0.0.0.0:50051"), ("ADMIN_LISTEN", "0.0.0.0:9090")][..],
        &[("PEERS__ROUTING", "https://routing:50051")][..],
        &[("PEERS__ROUTING", "http://[::1]:50051")][..],
        &[("TELEMETRY__OTLP_ENDPOINT", "https://collector:4317")][..],
        &[("TELEMETRY__OTLP_ENDPOINT", "http://127.0.0.1:4317")][..],
        &[("DATABASE_URL", "postgres://db/intake?sslmode=verify-full&sslrootcert=ca.pem")][..],
        &[("DATABASE_URL", "postgres://%2Frun%2Fpostgresql/intake")][..],
        &[("NATS_URL", "tls://one:4222")][..],
        &[("NATS_URL", "nats://one:4222"), ("NATS__CA_FILE", "ca.pem")][..],
    ] {
        let config = config(&[&own[..], pairs].concat());
        config.check().unwrap();
        assert_eq!(config.warnings(), Vec::<String>::new(), "{pairs:?}");
    }
    let probes = config(
        &[&own[..], &[("ADMIN_LISTEN", "0.0.0.0:9090"), ("TLS__ADMIN_PLAINTEXT", "true")][..]].concat(),
    );
    probes.check().unwrap();
    assert_eq!(probes.warnings().len(), 1);
    for (pairs, what) in [
        (&[("TLS__CERT_FILE", "a.pem")][..], "tls.cert_file and tls.key_file must be set together"),
        (&[("TLS__CLIENT_CA_FILE", "ca.pem")][..], "tls.client_ca_file asks callers"),
        (&[("PEERS__ROUTING", "https://routing:50051")][..], "tls.ca_file must name"),
    ] {
        let refused = config(pairs).check().unwrap_err().to_string();
        assert!(refused.contains(what), "{refused}");
    }
}
