//! `huying doctor`: looks at everything a running Huying stands on, a line each, with what to do.

mod standing;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use clap::Args;
use huying_chassis::bus::Bus;
use huying_chassis::db;
use huying_proto::intake::v1::ListKeysResponse;
use huying_proto::log::v1::DeadLetter;
use huying_words::set_in;
use nix::sys::statvfs::statvfs;
use serde::Serialize;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Session, dead_letters, events, keys};
use crate::client::{key_file, shown};
use crate::failure::{refused, sentence};
use crate::run_file::{Addresses, RunFile};
use crate::services;
use crate::up::ready;
use crate::words::Word as _;

/// How long one look may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// A transaction open longer than this holds back every relay of the cluster.
const OLDEST_TRANSACTION: f64 = 5.0;
/// With less than this free, PostgreSQL and NATS soon refuse what they cannot write.
const LEAST_FREE: u64 = 512 * 1024 * 1024;

/// Look at programs, data, disk, ports, services, streams and dead letters; say what to do
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying doctor
  huying --data /var/lib/huying doctor -o json

ends with 1 when something is not well")]
pub struct Doctor {}

/// One look.
#[derive(Serialize)]
struct Finding {
    ok: bool,
    what: String,
    found: String,
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

/// What was found; or that, and what to do.
type Look = Result<String, (String, String)>;

impl Doctor {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let data = &session.reach.data;
        let mut findings = vec![
            finding(
                "PostgreSQL",
                program(huying_embedded::postgres_programs().map(|p| (p.postgres, p.version))),
            ),
            finding("nats-server", program(huying_embedded::nats_server().map(|p| (p.path, p.version)))),
            finding("data directory", directory(data)),
            finding("disk", disk(data)),
            finding("issuer's key", key(data)),
        ];
        let run = RunFile::read(data)?;
        findings.push(finding("huying up", running(run.as_ref(), data)));
        if let Some(run) = run {
            let tls = shown(&session.reach.tls, run.tls.clone().unwrap_or_default());
            let asking = ready::Asking::new(Some(&tls))?;
            for (name, addresses) in &run.services {
                findings.push(finding(&format!("{name} gRPC"), port(&addresses.grpc).await));
                findings.extend(readiness(&asking, name, addresses).await);
            }
            findings.push(finding("transactions", horizon(&run).await));
            findings.extend(streams(session).await);
            findings.extend(parked(session, &run).await);
            if run.services.contains_key("intake") {
                findings.push(finding("sealing keys", sealing(session).await));
            }
        }
        let bad = findings.iter().filter(|finding| !finding.ok).count();
        if session.out.is_json() {
            session.out.pretty(&findings)?;
        } else {
            for finding in &findings {
                session.out.text(&line(finding))?;
            }
        }
        if bad == 0 {
            Ok(())
        } else {
            Err(refused(format!("{bad} things are not well"), "see the lines marked ✗"))
        }
    }
}

fn line(finding: &Finding) -> String {
    let mark = match (finding.ok, &finding.fix) {
        (true, None) => "ok",
        (true, Some(_)) => "! ",
        (false, _) => "✗ ",
    };
    let fix = finding.fix.iter().map(|fix| format!("\n      do: {}", set_in(fix))).collect::<String>();
    format!("{mark}  {:<20} {}{fix}", finding.what, set_in(&finding.found))
}

fn finding(what: &str, look: Look) -> Finding {
    let (ok, found, fix) = match look {
        Ok(found) => (true, found, None),
        Err((found, fix)) => (false, found, Some(fix)),
    };
    Finding { ok, what: what.to_owned(), found, fix }
}

fn program(found: Result<(std::path::PathBuf, huying_embedded::Version), huying_embedded::Error>) -> Look {
    match found {
        Ok((path, version)) => Ok(format!("{version} at {}", path.display())),
        Err(error) => Err((error.to_string(), "run deploy/install".to_owned())),
    }
}

/// Rights are tried, not read: only trying tells.
fn directory(data: &Path) -> Look {
    if !data.exists() {
        return Ok(format!("{} is not there yet: `huying up` makes it", data.display()));
    }
    let probe = data.join(".doctor");
    match fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe)) {
        Ok(()) => Ok(format!("{} can be written", data.display())),
        Err(error) => Err((
            format!("{} cannot be written: {error}", data.display()),
            "make its owner the one who runs huying".to_owned(),
        )),
    }
}

/// The disk that PostgreSQL and NATS write to, unless they are elsewhere.
fn disk(data: &Path) -> Look {
    let there = data.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    match statvfs(there) {
        Ok(about) => space(data, about.blocks_available().saturating_mul(about.fragment_size())),
        Err(error) => Err((
            format!("{}: it is not known how much is free: {error}", data.display()),
            "is the disk there?".to_owned(),
        )),
    }
}

fn space(data: &Path, free: u64) -> Look {
    match free {
        LEAST_FREE.. => Ok(format!("{} MiB free for {}", free >> 20, data.display())),
        _ => Err((
            format!("{free} bytes free for {}", data.display()),
            "make room: what cannot be written is refused, by NATS first; then see that fewer entries wait to be published".to_owned(),
        )),
    }
}

fn key(data: &Path) -> Look {
    let path = key_file(data);
    match fs::metadata(&path) {
        Err(_) => Ok("none yet: `huying up` makes it, unless another issuer is set".to_owned()),
        Ok(about) if about.permissions().mode() & 0o077 != 0 => Err((
            format!("{} can be read by others", path.display()),
            format!("chmod 600 {}; whoever has read it can mint tokens: make a new one", path.display()),
        )),
        Ok(_) => Ok(format!("{} is its owner's alone", path.display())),
    }
}

fn running(run: Option<&RunFile>, data: &Path) -> Look {
    let start = || "start it with `huying up`".to_owned();
    match run {
        None => Err((format!("nothing runs on {}", data.display()), start())),
        Some(run) if !Path::new("/proc").join(run.pid.to_string()).exists() => {
            Err((format!("process {} is gone; it did not stop in order", run.pid), start()))
        }
        Some(run) => Ok(format!("process {} since {}", run.pid, run.started)),
    }
}

async fn port(url: &str) -> Look {
    let address = url.split_once("://").map_or(url, |(_, address)| address);
    match timeout(PATIENCE, TcpStream::connect(address)).await {
        Ok(Ok(_)) => Ok(format!("{address} answers")),
        Ok(Err(error)) => Err((format!("{address}: {error}"), "is it running? see its log".to_owned())),
        Err(_) => Err((format!("{address} does not answer"), "is a firewall between?".to_owned())),
    }
}

/// Whether it is ready, and what it says besides.
async fn readiness(asking: &ready::Asking, name: &str, addresses: &Addresses) -> Vec<Finding> {
    let asked = asking.ask(addresses, PATIENCE).await;
    let look = match &asked {
        Ok((true, _)) => Ok("ready".to_owned()),
        Ok((false, missing)) => Err((format!("not ready: {missing}"), "look at what is missing".to_owned())),
        Err(error) => Err((
            format!("{}: {error}", addresses.admin),
            "is it running, or overloaded? see its log; over TLS, does --ca-file name its authority?"
                .to_owned(),
        )),
    };
    let besides = asked.as_ref().map_or_else(|_| Vec::new(), |(_, body)| standing::findings(name, body));
    [finding(&format!("{name} ready"), look)].into_iter().chain(besides).collect()
}

/// The oldest open transaction: relays read only behind it.
async fn horizon(run: &RunFile) -> Look {
    let (Some(url), Some(password)) = (&run.postgres_url, &run.postgres_password_file) else {
        return Ok("not looked at: PostgreSQL is not the embedded one".to_owned());
    };
    let fix = || "end the session that holds it: pg_terminate_backend; see pg_stat_activity".to_owned();
    let password = std::fs::read_to_string(password).map_err(|error| {
        (format!("{}: {error}", password.display()), "run it as who runs huying up".to_owned())
    })?;
    let url = url.replacen('@', &format!(":{}@", password.trim()), 1);
    let asked = async {
        let pool = db::connect(&url, 1, "huying-doctor").await?;
        sqlx::query_scalar::<_, f64>(
            "select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8 \
             from pg_stat_activity where pid <> pg_backend_pid() and (backend_xid is not null or backend_xmin is not null)",
        )
        .fetch_one(&pool)
        .await
    };
    match timeout(PATIENCE, asked).await {
        Ok(Ok(age)) if age < OLDEST_TRANSACTION => Ok(format!("the oldest open one is {age:.1} s old")),
        Ok(Ok(age)) => Err((format!("one is open for {age:.1} s and holds back what is published"), fix())),
        Ok(Err(error)) => {
            Err((format!("PostgreSQL: {error}"), "see postgres/server.log in the data directory".to_owned()))
        }
        Err(_) => Err((
            "PostgreSQL does not answer".to_owned(),
            "see postgres/server.log in the data directory".to_owned(),
        )),
    }
}

async fn streams(session: &Session) -> Vec<Finding> {
    let see = || "see nats/server.log in the data directory".to_owned();
    let jetstream = match timeout(PATIENCE, events::At::default().connect(session)).await {
        Ok(Ok(jetstream)) => jetstream,
        Ok(Err(error)) => return vec![finding("NATS", Err((sentence(&error), see())))],
        Err(_) => return vec![finding("NATS", Err(("it does not answer".to_owned(), see())))],
    };
    let mut findings = Vec::new();
    for root in services::roots() {
        let look = match timeout(PATIENCE, jetstream.get_stream(Bus::stream_name(root))).await {
            Ok(Ok(stream)) => {
                let state = &stream.cached_info().state;
                Ok(format!("{} events, {} consumers", state.messages, state.consumer_count))
            }
            Ok(Err(error)) => {
                Err((error.to_string(), "it is made when its service publishes first".to_owned()))
            }
            Err(_) => Err(("NATS does not answer".to_owned(), see())),
        };
        findings.push(finding(&format!("stream {root}"), look));
    }
    findings
}

async fn parked(session: &Session, run: &RunFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in run.services.keys() {
        let asked = async { dead_letters::of_service(&session.client()?, name).await };
        let look = match timeout(PATIENCE, asked).await {
            Ok(Ok(letters)) if letters.is_empty() => Ok("none".to_owned()),
            Ok(Ok(letters)) => Err((
                format!("{} aggregates are parked: {}", letters.len(), by_reason(&letters)),
                format!(
                    "huying dead-letters list --service {name}; mend the cause; huying dead-letters retry --all; \
                     what has diverged: huying log adopt, huying log disown"
                ),
            )),
            Ok(Err(error)) => Err((sentence(&error), "is the service running?".to_owned())),
            Err(_) => Err(("no answer".to_owned(), "is the service overloaded? see its log".to_owned())),
        };
        findings.push(finding(&format!("{name} dead letters"), look));
    }
    findings
}

/// Which keys seal who called: one that wraps nothing any more may go, one that is lost loses what it wraps.
async fn sealing(session: &Session) -> Look {
    let asked = async { keys::names(&session.client()?).await };
    let ListKeysResponse { names, used } = match timeout(PATIENCE, asked).await {
        Ok(Ok(keys)) => keys,
        Ok(Err(error)) => return Err((sentence(&error), "is the service running?".to_owned())),
        Err(_) => return Err(("no answer".to_owned(), "is the service overloaded? see its log".to_owned())),
    };
    let without = |these: &[String], others: &[String]| {
        these.iter().filter(|name| !others.contains(name)).cloned().collect::<Vec<_>>().join(", ")
    };
    let (lost, old) = (without(&used, &names), without(&used, names.get(..1).unwrap_or_default()));
    let newest = names.first().map_or("", String::as_str);
    let idle = without(names.get(1..).unwrap_or_default(), &used);
    match (lost.as_str(), old.as_str()) {
        ("", "") if idle.is_empty() => Ok(format!("{newest} wraps all")),
        ("", "") => Ok(format!("{newest} wraps all; these may go: {idle}")),
        ("", _) => Ok(format!("{newest} is the newest; used still: {old} (huying keys rotate)")),
        _ => Err((
            format!("the file lacks {lost}, by which some of those who called are sealed"),
            "put it back into the file of keys, from its backup".to_owned(),
        )),
    }
}

/// `2 poison, 1 diverged`
fn by_reason(letters: &[DeadLetter]) -> String {
    let mut numbers = BTreeMap::new();
    for letter in letters {
        *numbers.entry(letter.reason().english()).or_insert(0) += 1;
    }
    numbers.into_iter().map(|(reason, number)| format!("{number} {reason}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_with_what_is_free() {
        let (found, _) = space(Path::new("/data"), 0).unwrap_err();
        assert_eq!(found, "0 bytes free for /data");
        assert!(space(Path::new("/data"), LEAST_FREE - 1).is_err());
        assert!(space(Path::new("/data"), LEAST_FREE).is_ok());
    }
}
