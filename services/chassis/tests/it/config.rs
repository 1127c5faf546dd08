//! Which source wins, what is refused and where it came from, and that printing shows no secret.

use std::fs;
use std::path::{Path, PathBuf};

use huying_chassis::bus::NatsAddress;
use huying_chassis::config::{Config, ConfigError, Keys, NatsConfig, NoSettings, load, settings};
use huying_chassis::secret;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Own {
    greeting: String,
    retries: u32,
}

impl Keys for Own {
    fn wrong(&self) -> Vec<String> {
        if self.retries > 9 { vec!["service.retries must be at most 9".to_owned()] } else { Vec::new() }
    }

    fn authorities(&self) -> Vec<(&'static str, &Path)> {
        vec![("service.greeting", Path::new(&self.greeting))]
    }
}

const DEFAULTS: &str = "[limits]\nqueue = 7\n[service]\ngreeting = \"hello\"\nretries = 3\n";

fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn refusal<T>(loaded: Result<Config<T>, ConfigError>) -> String {
    match loaded {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn later_sources_win() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("huying.toml");
    fs::write(
        &file,
        "nats_url = \"nats://file:4222\"\n[service]\nretries = 4\n[peers]\nrouting = \"http://r:1\"\n",
    )
    .unwrap();
    let config: Config<Own> = load(
        "intake",
        DEFAULTS,
        Some(&file),
        env(&[
            ("HUYING_INTAKE__SERVICE__RETRIES", "5"),
            ("HUYING_INTAKE__LIMITS__DRAIN_MS", "250"),
            ("HUYING_INTAKE__PEERS__CASEWORK", "http://c:2"),
            ("HUYING_INTAKE__LISTEN", "0.0.0.0:7401"),
            ("HUYING_ROUTING__SERVICE__RETRIES", "9"),
            ("PATH", "/bin"),
        ]),
    )
    .unwrap();
    assert_eq!(config.limits.max_in_flight, 1024, "common default");
    assert_eq!(config.limits.queue, 7, "the service's default");
    assert_eq!(config.nats_url, "nats://file:4222", "file");
    assert_eq!(config.service.retries, 5, "environment");
    assert_eq!(config.service.greeting, "hello");
    assert_eq!(config.limits.drain_ms, 250);
    assert_eq!(config.listen.port(), 7401);
    assert_eq!(config.peers.len(), 2);
    assert_eq!(config.auth.jwks_file, None);
}

#[test]
fn an_emptied_key_is_absent() {
    let config: Config<Own> =
        load("intake", DEFAULTS, None, env(&[("HUYING_INTAKE__TELEMETRY__OTLP_ENDPOINT", "")])).unwrap();
    assert_eq!(config.telemetry.otlp_endpoint, None);
}

#[test]
fn unknown_keys_are_refused_by_name_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("huying.toml");
    fs::write(&file, "[telemetry]\nsampel_ratio = 1\n").unwrap();
    let text = refusal(load::<Own>("intake", DEFAULTS, Some(&file), env(&[])));
    assert!(text.contains("huying.toml") && text.contains("telemetry.sampel_ratio"), "{text}");

    let text =
        refusal(load::<Own>("intake", DEFAULTS, None, env(&[("HUYING_INTAKE__LIMITS__DRIAN_MS", "1")])));
    assert!(text.contains("HUYING_INTAKE__LIMITS__DRIAN_MS") && text.contains("limits.drian_ms"), "{text}");

    let text =
        refusal(load::<Own>("intake", DEFAULTS, None, env(&[("HUYING_INTAKE__SERVICE__COLOUR", "red")])));
    assert!(text.contains("service.colour"), "{text}");

    let text = refusal(load::<NoSettings>("intake", "listne = \"x\"", None, env(&[])));
    assert!(text.contains("the defaults of intake") && text.contains("listne"), "{text}");
}

#[test]
fn a_value_that_does_not_fit_names_its_variable_and_keeps_it_secret() {
    let text = refusal(load::<Own>("intake", DEFAULTS, None, env(&[("HUYING_INTAKE__LISTEN", "hunter2")])));
    assert!(text.contains("HUYING_INTAKE__LISTEN"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn a_missing_file_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let text = refusal(load::<Own>("intake", DEFAULTS, Some(&folder.path().join("none.toml")), env(&[])));
    assert!(text.contains("none.toml") && text.contains("cannot be read"), "{text}");
}

#[test]
fn printing_shows_no_secret() {
    let config: Config<Own> = load(
        "intake",
        DEFAULTS,
        None,
        env(&[
            ("HUYING_INTAKE__DATABASE_URL", "postgres://huying:hunter2@db/intake"),
            ("HUYING_INTAKE__NATS_URL", "nats://huying:hunter2@one:4222,nats://two:4222"),
        ]),
    )
    .unwrap();
    for text in [config.to_string(), format!("{config:?}")] {
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("one:4222") && text.contains("nats://two:4222"), "{text}");
        assert!(text.contains("greeting = \"hello\""), "{text}");
    }
    assert_eq!(config.database_url.expose(), "postgres://huying:hunter2@db/intake");
}

#[test]
fn attack_72_secrets_come_from_files_and_are_told_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let put = |name: &str, text: &str| {
        fs::write(path(name), text).unwrap();
        path(name).display().to_string()
    };
    let database = put("database-url", "postgres://huying:hunter2@db/intake\n");
    let file = path("huying.toml");
    put("huying.toml", &format!("database_url_file = {database:?}\n[service]\nretries = 4\n"));
    let nats = put("nats-url", "nats://huying:hunter3@one:4222");
    let named = env(&[("HUYING_INTAKE__NATS_URL_FILE", &nats)]);
    let config: Config<Own> = load("intake", DEFAULTS, Some(&file), named).unwrap();
    assert_eq!(
        config.database_url.expose(),
        "postgres://huying:hunter2@db/intake",
        "without the end of its line"
    );
    assert_eq!((config.nats_url.as_str(), config.service.retries), ("nats://huying:hunter3@one:4222", 4));
    assert!(!config.to_string().contains("hunter") && !format!("{config:?}").contains("hunter"));

    let over = env(&[("HUYING_INTAKE__DATABASE_URL", "postgres://other/intake")]);
    let config: Config<Own> = load("intake", DEFAULTS, Some(&file), over).unwrap();
    assert_eq!(config.database_url.expose(), "postgres://other/intake", "the environment wins over a file");
    let two = put("two", "postgres://hunter2\nhunter2\n");
    for bad in [path("none").display().to_string(), put("empty", "\n"), two] {
        let text = refusal(load::<Own>(
            "intake",
            DEFAULTS,
            None,
            env(&[("HUYING_INTAKE__DATABASE_URL_FILE", &bad)]),
        ));
        assert!(
            text.contains("HUYING_INTAKE__DATABASE_URL_FILE")
                && text.contains(&bad)
                && !text.contains("hunter"),
            "{text}"
        );
    }
    let text = refusal(load::<Own>("intake", DEFAULTS, None, env(&[("HUYING_INTAKE__LISTEN_FILE", &nats)])));
    assert!(text.contains("there is no key listen_file"), "{text}");
}

#[test]
fn attack_72_the_example_of_a_secret_is_none() {
    let urls = [
        ("HUYING_INTAKE__DATABASE_URL", "postgres://intake:change-me@db/intake"),
        ("HUYING_INTAKE__DATABASE_MIGRATE_URL", "postgres://intake_owner:change-me@db/intake"),
        ("HUYING_INTAKE__NATS_URL", "nats://huying:change-me@one:4222"),
        ("HUYING_INTAKE__AUTH__KEY_FILE", "issuer.pem"),
    ];
    let config: Config<Own> = load("intake", DEFAULTS, None, env(&urls)).unwrap();
    let text = config.check().unwrap_err().to_string();
    for told in [
        "database_url holds `change-me`",
        "database_migrate_url holds `change-me`",
        "nats_url holds `change-me`",
        "openssl rand -hex 24",
        "database_url_file",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
}

#[test]
fn attack_72_an_address_of_http_holds_no_password() {
    for (key, url) in [
        ("PEERS__ROUTING", "https://me:hunter2@routing:50051"),
        ("PEERS__ROUTING", "http://hunter2@127.0.0.1:50051"),
        ("TELEMETRY__OTLP_ENDPOINT", "http://me:hunter2@127.0.0.1:4317"),
        ("TELEMETRY__OTLP_ENDPOINT", "grpc://me:hunter2@127.0.0.1:4317"),
        ("TELEMETRY__OTLP_ENDPOINT", "http://me:hunter2@:x"),
    ] {
        let named = format!("HUYING_INTAKE__{key}");
        let config: Config<Own> = load("intake", DEFAULTS, None, env(&[(named.as_str(), url)])).unwrap();
        let text = config.check().unwrap_err().to_string();
        let key = key.to_lowercase().replace("__", ".");
        let refused = ["must not hold a user or a password", "must begin with", "is no address"]
            .iter()
            .any(|what| text.contains(&format!("{key} {what}")));
        assert!(refused && !text.contains("hunter2"), "{text}");
    }
}

#[test]
fn attack_72_the_example_is_no_secret_in_a_file_either() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("password");
    fs::write(&file, "change-me\n").unwrap();
    let told = secret::read(&file).unwrap_err();
    assert!(told.starts_with("holds `change-me`"), "{told}");
    let nats = NatsConfig {
        user: Some("intake".into()),
        password_file: Some(file.clone()),
        ..NatsConfig::default()
    };
    let told = NatsAddress::parse("nats://one:4222").unwrap().options_with(&nats).err().unwrap().to_string();
    assert!(told.contains("password holds `change-me`"), "{told}");
    let file = file.display().to_string();
    let text =
        refusal(load::<Own>("intake", DEFAULTS, None, env(&[("HUYING_INTAKE__NATS_URL_FILE", &file)])));
    assert!(text.contains("nats_url_file") && text.contains("holds `change-me`"), "{text}");
}

#[test]
fn anchors_want_a_key_and_a_span() {
    let said = [
        ("HUYING_INTAKE__DATABASE_MIGRATE_URL", "mysql://db/intake"),
        ("HUYING_INTAKE__ANCHORS__FILE", "anchors.jsonl"),
        ("HUYING_INTAKE__ANCHORS__INTERVAL_S", "0"),
    ];
    let config: Config<Own> = load("intake", DEFAULTS, None, env(&said)).unwrap();
    let text = config.check().unwrap_err().to_string();
    for told in [
        "anchors.key_file must be set where anchors.file is",
        "anchors.interval_s must be from 1 to 3600",
        "database_migrate_url must be empty or postgres://",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
}

#[test]
fn an_address_of_nats_that_is_none_is_refused_without_showing_it() {
    for (urls, what) in [
        (" , ", "must be set"),
        ("nats://u:hunter2@one:4222,http://u:hunter2@two:4222", "server 2"),
        ("nats://u:hunter2@one:x", "server 1"),
        ("nats://:hunter2@one:4222", "server 1"),
        ("nats://u:hunter2@one:4222,nats://u:hunter3@two:4222", "the same user and password"),
    ] {
        let config: Config<Own> =
            load("intake", DEFAULTS, None, env(&[("HUYING_INTAKE__NATS_URL", urls)])).unwrap();
        let text = config.check().unwrap_err().to_string();
        assert!(text.contains("nats_url") && text.contains(what), "{text}");
        assert!(!text.contains("hunter"), "{text}");
    }
}

#[test]
fn check_says_everything_that_is_wrong_at_once() {
    let config: Config<Own> =
        load("intake", DEFAULTS, None, env(&[("HUYING_INTAKE__TELEMETRY__SAMPLE_RATIO", "2")])).unwrap();
    let text = config.check().unwrap_err().to_string();
    for key in ["database_url", "nats_url", "auth.jwks_file", "telemetry.sample_ratio"] {
        assert!(text.contains(key), "{key} in {text}");
    }

    let config: Config<Own> = load(
        "intake",
        DEFAULTS,
        None,
        env(&[
            ("HUYING_INTAKE__DATABASE_URL", "postgres://127.0.0.1/intake"),
            ("HUYING_INTAKE__NATS_URL", "nats://127.0.0.1:4222"),
            ("HUYING_INTAKE__NATS__KEY_FILE", "intake.nk"),
            ("HUYING_INTAKE__AUTH__KEY_FILE", "issuer.pem"),
        ]),
    )
    .unwrap();
    config.check().unwrap();
}

#[test]
fn one_way_to_log_in_to_nats_is_taken_and_none_is_refused() {
    let check = |pairs: &[(&str, &str)]| {
        let usual = [
            ("HUYING_INTAKE__DATABASE_URL", "postgres://127.0.0.1/intake"),
            ("HUYING_INTAKE__NATS_URL", "nats://127.0.0.1:4222"),
            ("HUYING_INTAKE__AUTH__KEY_FILE", "issuer.pem"),
        ];
        let config: Config<Own> = load("intake", DEFAULTS, None, env(&[&usual[..], pairs].concat())).unwrap();
        config.check().map_err(|error| error.to_string())
    };
    let (key, user, password) = (
        ("HUYING_INTAKE__NATS__KEY_FILE", "intake.nk"),
        ("HUYING_INTAKE__NATS__USER", "intake"),
        ("HUYING_INTAKE__NATS__PASSWORD_FILE", "password"),
    );
    let (certificate, certificate_key) = (
        ("HUYING_INTAKE__NATS__CERTIFICATE_FILE", "a.pem"),
        ("HUYING_INTAKE__NATS__CERTIFICATE_KEY_FILE", "a.key"),
    );
    for one in [
        &[key][..],
        &[("HUYING_INTAKE__NATS__CREDENTIALS_FILE", "intake.creds")][..],
        &[certificate, certificate_key][..],
        &[certificate, certificate_key, key][..],
        &[
            ("HUYING_INTAKE__NATS_URL", "nats://u:hunter2@one:4222,tls://two"),
            ("HUYING_INTAKE__TLS__PLAINTEXT", "true"),
        ][..],
        &[("HUYING_INTAKE__NATS_URL", "nats://token@127.0.0.1:4222")][..],
    ] {
        check(one).unwrap();
    }
    check(&[user, password, ("HUYING_INTAKE__NATS__KEY_FILE", "")]).unwrap();
    for (pairs, what) in [
        (&[("HUYING_INTAKE__NATS__KEY_FILE", "")][..], "a way to log in to NATS must be set: nats.key_file"),
        (&[("HUYING_INTAKE__NATS__CA_FILE", "ca.pem")][..], "a way to log in to NATS must be set"),
        (&[key, user, password][..], "only one way"),
        (&[key, ("HUYING_INTAKE__NATS__CREDENTIALS_FILE", "intake.creds")][..], "only one way"),
        (&[key, ("HUYING_INTAKE__NATS_URL", "nats://u:hunter2@one:4222")][..], "only one way"),
        (&[user][..], "nats.password_file"),
        (&[certificate][..], "nats.certificate_key_file"),
    ] {
        let text = check(pairs).unwrap_err();
        assert!(text.contains(what) && !text.contains("hunter2"), "{text}");
    }
    let text =
        refusal(load::<Own>("intake", DEFAULTS, None, env(&[("HUYING_INTAKE__NATS__PASSWORD", "hunter2")])));
    assert!(text.contains("there is no key nats.password") && !text.contains("hunter2"), "{text}");
}

#[test]
fn own_keys_are_read_as_their_type_and_kept_for_it() {
    let read = |pairs: &[(&str, &str)]| settings::<Own>("intake", DEFAULTS, None, env(pairs));
    let kept = read(&[("HUYING_INTAKE__SERVICE__RETRIES", "5")]).unwrap();
    assert!(kept.to_string().contains("retries = 5"), "{kept}");
    let own_authority = ("service.greeting", PathBuf::from("hello"));
    assert_eq!(kept.authorities(), std::slice::from_ref(&own_authority));
    let authority = ("HUYING_INTAKE__AUTH__ISSUER_CA_FILE", "/ca.pem");
    let issuer_authority = ("auth.issuer_ca_file", PathBuf::from("/ca.pem"));
    for asked in [
        ("HUYING_INTAKE__AUTH__JWKS_URL", "https://issuer.example/jwks"),
        ("HUYING_INTAKE__AUTH__DISCOVER", "true"),
    ] {
        let told = read(&[authority, asked]).unwrap().authorities();
        assert_eq!(told, [issuer_authority.clone(), own_authority.clone()], "whose ends are told: {asked:?}");
    }
    let unused = read(&[authority, ("HUYING_INTAKE__AUTH__JWKS_FILE", "/jwks.json")]).unwrap();
    assert_eq!(unused.authorities(), [own_authority], "the start does not hang on a file that nobody reads");
    let own: Own = kept.service.try_into().unwrap();
    assert_eq!((own.greeting.as_str(), own.retries), ("hello", 5));
    let text = refusal(read(&[("HUYING_INTAKE__SERVICE__RETRIES", "10")]));
    assert!(text.ends_with("service.retries must be at most 9"), "{text}");
    let text = refusal(read(&[("HUYING_INTAKE__SERVICE__COLOUR", "red")]));
    assert_eq!(text, "HUYING_INTAKE__SERVICE__COLOUR: there is no key service.colour");
}
