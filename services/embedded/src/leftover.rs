//! Processes of an earlier run. A server's processes all work in its directory, so the directory
//! names them: no file of process ids has to be believed.
//!
//! Where there is no `/proc` nothing is found, and the servers' own checks stand alone.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::error::Error;
use crate::process::PAUSE;

/// How long processes that are ending anyway are waited for, before they are asked.
const ENDING: Duration = Duration::from_secs(2);
/// How long they have once asked: a PostgreSQL with much to write on a busy disk takes half a minute.
const ASKED: Duration = Duration::from_secs(60);

/// The living processes called `name` that work in `dir`.
pub(crate) fn working_in(dir: &Path, name: &str) -> Vec<Pid> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let pids = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|pid| is_called(*pid, name) && works_in(*pid, dir)).map(Pid::from_raw).collect()
}

/// Waits until nobody is left in `dir`; asks those who stay to end. The caller holds the
/// directory's lock, so whoever is still there has lost its owner.
pub(crate) fn clear(dir: &Path, name: &'static str) -> Result<(), Error> {
    if gone_within(dir, name, ENDING) {
        return Ok(());
    }
    signal_all(dir, name, Signal::SIGINT);
    if gone_within(dir, name, ASKED) {
        return Ok(());
    }
    match working_in(dir, name).first() {
        None => Ok(()),
        Some(pid) => Err(Error::LeftOver { server: name, dir: dir.to_owned(), pid: pid.as_raw() }),
    }
}

/// Kills every process called `name` in `dir` until none is left; false when some survive.
pub(crate) fn kill_all(dir: &Path, name: &str) -> bool {
    let end = Instant::now() + ASKED;
    loop {
        signal_all(dir, name, Signal::SIGKILL);
        if working_in(dir, name).is_empty() {
            return true;
        }
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
}

fn gone_within(dir: &Path, name: &str, patience: Duration) -> bool {
    let end = Instant::now() + patience;
    while !working_in(dir, name).is_empty() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
    true
}

pub(crate) fn signal_all(dir: &Path, name: &str, signal: Signal) {
    for pid in working_in(dir, name) {
        let _ = kill(pid, signal);
    }
}

fn is_called(pid: i32, name: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|comm| comm.trim_end() == name)
}

/// A process that has ended and waits to be collected has no working directory any more.
fn works_in(pid: i32, dir: &Path) -> bool {
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == dir)
}
