//! A service as a program of its own.

use std::{path::PathBuf, process::ExitCode};

use super::{Seams, Service, probe};
use crate::{config::ConfigError, exit::Exit, shutdown::Shutdown, telemetry};

/// How a service is told from the command line.
const HELP: &str = "\
usage: huying-SERVICE [--config FILE] [--check-config | --migrate | --ready]

  --config FILE   read settings from FILE (TOML), over the built-in defaults
  --check-config  check the settings, print them with secrets hidden, and end
  --migrate       bring up the database as its owner (database_migrate_url) and end: what serves then needs no login but its own
  --ready         ask the running one whether it is ready, by its settings; ends with 0 if it is: for the probe of a container
  --help          this text

Settings also come from the environment: HUYING_<SERVICE>__KEY__SUBKEY=value.
examples:
  huying-SERVICE --check-config
  huying-SERVICE --config /etc/huying/SERVICE.toml
";

pub(super) fn main(service: &Service) -> ExitCode {
    match run(service) {
        Ok(()) => Exit::Done.into(),
        Err(error) => {
            say(&format!("huying-{}: {error:#}\n", service.name));
            Exit::of(&error).into()
        }
    }
}

fn run(service: &Service) -> anyhow::Result<()> {
    let name = service.name;
    let mut file = None;
    let (mut check_only, mut migrate, mut ready) = (false, false, false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--config" => file = arguments.next().map(PathBuf::from),
            "--check-config" => check_only = true,
            "--migrate" => migrate = true,
            "--ready" => ready = true,
            "--help" | "-h" => {
                say(&HELP.replace("SERVICE", name));
                return Ok(());
            }
            other => return Err(ConfigError::wrong(format!("{other} is not an option: see --help")).into()),
        }
    }
    #[allow(clippy::disallowed_methods, reason = "the one place where a service reads its environment")]
    let settings = service.load(file.as_deref(), std::env::vars())?;
    settings.check()?;
    if check_only {
        say(&settings.to_string());
        for warning in settings.warnings() {
            say(&format!("warning: {warning}\n"));
        }
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if migrate {
        runtime.block_on(service.migrate(&settings))?;
        say(&format!("huying-{name}: the database is as this build needs it\n"));
        return Ok(());
    }
    if ready {
        return runtime.block_on(probe::ask(&settings));
    }
    runtime.block_on(async move {
        let telemetry = telemetry::init(name, &settings.telemetry, &settings.tls)?;
        let stop = Shutdown::new();
        tokio::spawn(stop.clone().on_signals());
        let outcome = match service.start(settings, Seams::default(), stop).await {
            Ok(running) => {
                tracing::info!(service = name, grpc = %running.grpc, admin = %running.admin, "serving");
                running.ended().await
            }
            Err(error) => Err(error),
        };
        telemetry.flush().await;
        outcome
    })
}

/// For people at a terminal; a closed pipe is no reason to fail.
fn say(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stderr().write_all(text.as_bytes());
}
