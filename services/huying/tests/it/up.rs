//! All services in this process, on private servers: the stories come out as told, a service goes and
//! comes back, and a data directory has one owner.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use huying::client::{Client, Reach};
use huying::failure::Ending;
use huying::run_file::{Addresses, RunFile};
use huying::services::NAMES;
use huying::story::{self, Voice};
use huying::up::{self, Options, say::Say};
use huying_chassis::config::env_prefix;
use huying_chassis::shutdown::Shutdown;
use huying_proto::casework::v1::{CaseState, ListCasesRequest};
use huying_testing::pki::Pki;
use tempfile::TempDir;

fn jiangan() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan")
}

async fn closed_cases(client: &Client) -> usize {
    let filter = ListCasesRequest {
        district: client.district().unwrap(),
        state: CaseState::Closed.into(),
        ..ListCasesRequest::default()
    };
    let who = client.reader().unwrap();
    client.cases(&who).unwrap().list_cases(filter).await.unwrap().into_inner().cases.len()
}

/// Only whoever runs it, and where that is root the account of PostgreSQL, which passes through.
fn nobody_else_looks_in(data: &Path) {
    let mode = |path: &str| data.join(path).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("") & 0o767, 0o700, "{:o}", mode(""));
    assert_eq!(
        (mode("run.json"), mode("keys"), mode("postgres"), mode("nats")),
        (0o600, 0o700, 0o700, 0o700)
    );
}

async fn play(client: &Client, name: &str) {
    let tale = story::named(name).unwrap();
    Box::pin(story::play(client, tale, None, Voice::Silent)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_starts_plays_stops_and_starts_again() {
    let data = TempDir::new().unwrap();
    let options = Options { profiles: vec![jiangan()], ..Options::at(data.path()) };
    let say = Say::nothing();

    let mut running = Box::pin(up::start(options.clone(), &say, Shutdown::new())).await.unwrap();
    let told = RunFile::read(data.path()).unwrap().unwrap();
    assert_eq!((told.services.len(), told.districts[0].code.as_str()), (NAMES.len(), "420102"));
    nobody_else_looks_in(data.path());
    let welcome = up::welcome(&running, Some("420102"));
    assert!(
        !welcome.contains("eyJ") && welcome.contains(" token --role leader --role operator"),
        "{welcome}"
    );
    let password = std::fs::read_to_string(told.postgres_password_file.unwrap()).unwrap();
    assert!(!welcome.contains(&password) && !told.postgres_url.unwrap().contains(&password));
    let client = running.client("operator:test");
    for tale in story::PUBLISHED {
        Box::pin(play(&client, tale)).await;
    }
    assert_eq!(closed_cases(&client).await, 3);

    // Nobody can make days pass here.
    let late = Box::pin(story::play(&client, story::named("late").unwrap(), None, Voice::Silent)).await;
    assert_eq!(Ending::of(&late.unwrap_err()), Ending::Wrong);
    assert_eq!(closed_cases(&client).await, 3);

    let second = Box::pin(up::start(options.clone(), &say, Shutdown::new())).await.err().unwrap();
    assert!(second.to_string().contains("another `huying up`"), "{second:#}");
    assert_eq!(Ending::of(&second), Ending::Wrong);

    // The other services ride it out, and it is found where it was.
    running.stop_service("routing").await.unwrap();
    Box::pin(running.start_service("routing")).await.unwrap();
    Box::pin(play(&client, "a")).await;

    running.begin_stop();
    Box::pin(running.serve(&say)).await.unwrap();
    assert!(RunFile::read(data.path()).unwrap().is_none());

    // The same data again, without naming the place: what was there is there.
    let running = Box::pin(up::start(Options::at(data.path()), &say, Shutdown::new())).await.unwrap();
    assert_eq!(closed_cases(&running.client("operator:test")).await, 4);
    running.begin_stop();
    Box::pin(running.serve(&say)).await.unwrap();
}

#[tokio::test]
async fn a_wrong_setting_is_refused_before_anything_starts() {
    let data = TempDir::new().unwrap();
    let env = vec![("HUYING_CASEWORK__LIMITS__DRAIN".to_owned(), "5".to_owned())];
    let options = Options { env, ..Options::at(data.path()) };
    let error = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.err().unwrap();
    assert!(error.to_string().contains("HUYING_CASEWORK__LIMITS__DRAIN: there is no key"), "{error:#}");
    assert_eq!(Ending::of(&error).code(), 64);
    assert!(!data.path().join("postgres").exists());
}

#[tokio::test]
async fn a_broken_profile_is_refused_before_anything_starts() {
    let data = TempDir::new().unwrap();
    let options = Options { profiles: vec![data.path().to_owned()], ..Options::at(data.path()) };
    let error = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.err().unwrap();
    assert!(error.to_string().contains("profile.toml: the file is missing"), "{error:#}");
    assert_eq!(Ending::of(&error).code(), 64);
    assert!(!data.path().join("up.lock").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_speaks_tls_where_the_settings_say_so() {
    let (data, pki, say) = (TempDir::new().unwrap(), Pki::new(), Say::nothing());
    let shown = |service: &str| {
        let tls = pki.trusting(service, &["127.0.0.1", &format!("huying:service:{service}")]);
        let prefix = env_prefix(service);
        [
            ("CERT_FILE", tls.cert_file),
            ("KEY_FILE", tls.key_file),
            ("CA_FILE", tls.ca_file.clone()),
            ("CLIENT_CA_FILE", tls.ca_file),
        ]
        .map(|(key, file)| (format!("{prefix}TLS__{key}"), file.unwrap().display().to_string()))
    };
    let env = NAMES.iter().flat_map(|service| shown(service)).collect();
    let tls = pki.trusting("operator", &["operator"]);
    let options = Options { profiles: vec![jiangan()], env, tls, ..Options::at(data.path()) };
    let running = Box::pin(up::start(options, &say, Shutdown::new())).await.unwrap();
    let all = |it: &Addresses| it.grpc.starts_with("https://") && it.admin_url("").starts_with("https://");
    assert!(running.run().services.values().all(all), "{:?}", running.run().services);
    assert_eq!(closed_cases(&running.client("operator:test")).await, 0);

    // What another command needs stands in the run file; with another authority's certificate nobody gets in.
    let reach = Reach { data: data.path().to_owned(), actor: "operator:test".to_owned(), ..Reach::default() };
    assert_eq!(closed_cases(&Client::open(&reach).unwrap()).await, 0);
    let other = Pki::new();
    let stranger = Client::open(&Reach { tls: other.trusting("operator", &["operator"]), ..reach }).unwrap();
    let filter = ListCasesRequest { district: stranger.district().unwrap(), ..ListCasesRequest::default() };
    let asked = stranger.cases(&stranger.reader().unwrap()).unwrap().list_cases(filter).await;
    assert_eq!(huying_testing::reason(&asked.unwrap_err()), "", "it never came to where reasons are given");
    running.begin_stop();
    Box::pin(running.serve(&say)).await.unwrap();
}
