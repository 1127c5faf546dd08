//! One child process: how it is started, asked to end, and awaited.
//!
//! A child that has ended is collected only here, so its number cannot pass to a stranger while a
//! signal is on its way.

use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::account::Account;
use crate::keeper;
use crate::programs;

/// Between two looks at a process.
pub(crate) const PAUSE: Duration = Duration::from_millis(2);

/// What to start, where, and as whom.
pub(crate) struct Launch<'a> {
    pub(crate) program: &'a Path,
    pub(crate) args: Vec<String>,
    pub(crate) dir: &'a Path,
    pub(crate) account: Option<&'a Account>,
}

impl Launch<'_> {
    /// A command that runs as the account and gets SIGINT when the keeper dies.
    /// `setpriv` does both; without it the account changes, and only a clean end takes the child along.
    pub(crate) fn command(&self) -> Command {
        let mut command = match setpriv() {
            Some(setpriv) => {
                let mut command = Command::new(setpriv);
                command.args(["--pdeathsig", "INT"]);
                if let Some(account) = self.account {
                    command.arg(format!("--reuid={}", account.uid)).arg(format!("--regid={}", account.gid));
                    command.arg("--clear-groups");
                }
                command.arg("--").arg(self.program);
                command
            }
            None => {
                let mut command = Command::new(self.program);
                if let Some(account) = self.account {
                    command.uid(account.uid).gid(account.gid);
                }
                command
            }
        };
        command.args(&self.args).current_dir(self.dir);
        plain_surroundings(&mut command);
        command
    }
}

/// Takes away what would change how PostgreSQL's programs behave.
pub(crate) fn plain_surroundings(command: &mut Command) {
    const SWAYING: [&str; 17] = [
        "PGDATA",
        "PGHOST",
        "PGHOSTADDR",
        "PGPORT",
        "PGUSER",
        "PGPASSWORD",
        "PGPASSFILE",
        "PGDATABASE",
        "PGSERVICE",
        "PGSERVICEFILE",
        "PGOPTIONS",
        "PGSSLMODE",
        "PGAPPNAME",
        "PGTZ",
        "PGCLIENTENCODING",
        "PGCONNECT_TIMEOUT",
        "LANGUAGE",
    ];
    for name in SWAYING {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").stdin(Stdio::null());
}

/// `setpriv`, if it is here and knows the parent's death (the one of busybox does not).
fn setpriv() -> Option<&'static Path> {
    static SETPRIV: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = SETPRIV.get_or_init(|| {
        let path = programs::Search::here().on_path("setpriv")?;
        let mut probe = Command::new(&path);
        probe.args(["--pdeathsig", "clear", "--", "true"]).stderr(Stdio::null()).stdout(Stdio::null());
        probe.status().is_ok_and(|status| status.success()).then_some(path)
    });
    found.as_deref()
}

#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts it in a process group of its own, so that Ctrl-C reaches only us and the services
    /// are drained before their servers go.
    pub(crate) fn start(launch: &Launch<'_>, log: File) -> io::Result<Process> {
        let mut command = launch.command();
        command.process_group(0).stdout(log.try_clone()?).stderr(log);
        Ok(Process { child: keeper::spawn(command)? })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, or `None` while it runs.
    pub(crate) fn ended(&mut self) -> Option<String> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(status.to_string()),
            Err(lost) => Some(lost.to_string()),
        }
    }

    /// Sends `signal` unless it has ended.
    pub(crate) fn signal(&mut self, signal: Signal) {
        if self.ended().is_none()
            && let Ok(pid) = i32::try_from(self.child.id())
        {
            let _ = kill(Pid::from_raw(pid), signal);
        }
    }

    /// True when it ended in time.
    pub(crate) fn ends_within(&mut self, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        while self.ended().is_none() {
            if Instant::now() > end {
                return false;
            }
            std::thread::sleep(PAUSE);
        }
        true
    }
}
