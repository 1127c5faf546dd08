//! When certificates end: how many days are left, and the warnings before.

use std::{fs, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::config::{NatsConfig, TlsConfig};
use huying_chassis::tls::{Ending, Ends, WARNED};
use huying_testing::pki::Pki;

const HERE: &str = "127.0.0.1";
const LAST_DAY: (i32, u8, u8) = (2031, 5, 17);

/// So long before the beginning of the last day.
fn before(left: TimeDelta) -> DateTime<Utc> {
    "2031-05-17T00:00:00Z".parse::<DateTime<Utc>>().unwrap() - left
}

fn looking(tls: &TlsConfig) -> std::sync::Arc<Ends> {
    Ends::looking_every(tls, &NatsConfig::default(), &[], Duration::ZERO).unwrap()
}

/// A server whose certificate ends with the last day; its authority's goes on.
fn ending(pki: &Pki) -> TlsConfig {
    let tls = pki.mutual("server", &[HERE]);
    pki.until("server", &[HERE], LAST_DAY);
    tls
}

#[test]
fn whole_days_are_told_and_none_when_it_has_ended() {
    let pki = Pki::new();
    let ends = looking(&ending(&pki));
    let hour = TimeDelta::hours(1);
    for (left, days) in [
        (TimeDelta::days(20), 20),
        (TimeDelta::days(20) - hour, 19),
        (TimeDelta::days(1), 1),
        (hour, 0),
        (TimeDelta::zero(), 0),
        (TimeDelta::days(-3), 0),
    ] {
        let told = ends.left(before(left));
        assert_eq!(told[0], ("tls.cert_file", days), "{left}");
        let settings: Vec<_> = told.iter().map(|(setting, _)| *setting).collect();
        assert_eq!(settings, ["tls.cert_file", "tls.ca_file", "tls.client_ca_file"]);
        assert!(told[1].1 > 365_000, "its authority's is good for two thousand years");
    }
}

#[test]
fn it_is_warned_of_once_a_day_from_fourteen_days_before_on() {
    let pki = Pki::new();
    let tls = ending(&pki);
    let (ends, second) = (looking(&tls), TimeDelta::seconds(1));
    let edge = TimeDelta::days(WARNED);
    assert_eq!(ends.warnings(before(edge)), []);
    let warned = |days| Ending { setting: "tls.cert_file", file: tls.cert_file.clone().unwrap(), days };
    assert_eq!(ends.warnings(before(edge - second)), [warned(13)]);
    assert_eq!(ends.warnings(before(edge - TimeDelta::days(1))), [], "not yet a day later");
    assert_eq!(ends.warnings(before(edge - TimeDelta::days(1) - second)), [warned(12)]);
    assert_eq!(
        ends.warnings(before(TimeDelta::days(-1))),
        [warned(0)],
        "it has ended, and still stands there"
    );

    pki.certificate("server", &[HERE]);
    assert_eq!(ends.warnings(before(TimeDelta::days(-3))), [], "renewed without a restart");
    assert!(ends.left(before(TimeDelta::zero()))[0].1 > 365_000);
}

/// A chain ends with the first of its certificates; of authorities an old one may stand beside the one that has followed it.
#[test]
fn of_a_chain_the_first_counts_and_of_authorities_the_last() {
    let pki = Pki::new();
    let (long, _) = pki.certificate("long", &[HERE]);
    let (short, key) = pki.until("short", &[HERE], LAST_DAY);
    let both = [&long, &short].map(|path| fs::read_to_string(path).unwrap()).concat();
    let file = pki.ca().with_file_name("both.pem");
    fs::write(&file, both).unwrap();
    let tls = TlsConfig { cert_file: Some(file.clone()), key_file: Some(key), ..TlsConfig::default() };
    assert_eq!(looking(&tls).left(before(TimeDelta::days(9))), [("tls.cert_file", 9)]);
    let nats = NatsConfig { ca_file: Some(file), certificate_file: Some(short), ..NatsConfig::default() };
    let ends = Ends::looking_every(&TlsConfig::default(), &nats, &[], Duration::ZERO).unwrap();
    let told = ends.left(before(TimeDelta::days(9)));
    assert_eq!(told[0], ("nats.certificate_file", 9));
    assert!(told[1].0 == "nats.ca_file" && told[1].1 > 365_000, "{told:?}");
}

#[test]
fn further_authorities_are_looked_at_too() {
    let pki = Pki::new();
    let (short, _) = pki.until("short", &[HERE], LAST_DAY);
    let (tls, nats) = (TlsConfig::default(), NatsConfig::default());
    let ends = Ends::looking_every(&tls, &nats, &[("auth.issuer_ca_file", short)], Duration::ZERO).unwrap();
    assert_eq!(ends.left(before(TimeDelta::days(9))), [("auth.issuer_ca_file", 9)]);
}

#[test]
fn prometheus_and_the_doctor_read_it_by_the_machines_time() {
    let pki = Pki::new();
    let tls = pki.trusting("server", &[HERE]);
    pki.expired("server", &[HERE]);
    let told = (looking(&tls).gauges()[0].read)(before(TimeDelta::zero()));
    assert_eq!(told[0], ("tls.cert_file".to_owned(), 0));
    assert!(told[1].0 == "tls.ca_file" && told[1].1 > 365_000, "{told:?}");
}

#[test]
fn files_that_hold_no_certificate_are_named_by_their_setting() {
    let pki = Pki::new();
    let nonsense = pki.ca().with_file_name("nonsense");
    fs::write(&nonsense, "no certificate").unwrap();
    let nats = NatsConfig { ca_file: Some(nonsense), ..NatsConfig::default() };
    let Err(told) = Ends::new(&TlsConfig::default(), &nats, &[]) else { panic!("it was taken") };
    assert!(told.to_string().contains("nats.ca_file"), "{told}");
}
