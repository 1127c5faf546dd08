//! The life both servers share: start on a free port, ready, stop, crash, restart.
//!
//! Everything here blocks; the public types run it off the async threads.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::error::{Doing, Error};
use crate::leftover;
use crate::port::free_port;
use crate::process::{Launch, PAUSE, Process};
use crate::secrets;

/// Recovery after a crash may replay a good deal of log.
const READY: Duration = Duration::from_secs(120);
/// An orderly end, with its checkpoint.
const ORDERLY: Duration = Duration::from_secs(20);
/// The same, when nobody waits for the answer.
const DROPPED: Duration = Duration::from_secs(5);
/// Free ports tried before giving up.
const PORTS: usize = 10;
/// A log larger than this begins anew at the next start.
const LOG_BYTES: u64 = 8 * 1024 * 1024;

/// What is particular to one server.
pub(crate) trait Kind: Send + Sync + 'static {
    /// The program's name: in messages, and as the system lists its processes.
    const NAME: &'static str;
    /// The directory its processes work in.
    fn home(&self) -> &Path;
    /// Where it writes what it says.
    fn log(&self) -> PathBuf;
    /// Makes ready for a start on `port`; nobody works in [`Kind::home`] then.
    fn prepare(&self, port: u16) -> Result<(), Error>;
    fn launch(&self, port: u16) -> Launch<'_>;
    /// True once the process `pid` takes connections.
    fn is_ready(&self, pid: u32) -> bool;
}

pub(crate) struct Server<K: Kind> {
    pub(crate) kind: K,
    port: u16,
    pid: AtomicU32,
    process: Mutex<Process>,
    /// Held as long as the server is ours.
    _lock: File,
}

enum Start {
    Ready(Process),
    PortTaken,
}

impl<K: Kind> Server<K> {
    /// Starts it on a free port. `lock` comes from [`lock`].
    pub(crate) fn start(kind: K, lock: File) -> Result<Server<K>, Error> {
        leftover::clear(kind.home(), K::NAME)?;
        let mut port = 0;
        for _ in 0..PORTS {
            port = free_port();
            match launch(&kind, port)? {
                Start::Ready(process) => {
                    let pid = AtomicU32::new(process.pid());
                    return Ok(Server { kind, port, pid, process: Mutex::new(process), _lock: lock });
                }
                Start::PortTaken => {}
            }
        }
        Err(Error::PortTaken { server: K::NAME, port })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The process started last.
    pub(crate) fn pid(&self) -> u32 {
        self.pid.load(Ordering::Relaxed)
    }

    pub(crate) fn is_running(&self) -> bool {
        self.process().ended().is_none()
    }

    /// Ends it in order; if it will not, at once; if it will not, by force.
    pub(crate) fn stop(&self) -> Result<(), Error> {
        self.stop_within(ORDERLY)
    }

    /// Kills every process of it, as a power cut would.
    pub(crate) fn kill(&self) -> Result<(), Error> {
        let mut process = self.process();
        process.signal(Signal::SIGKILL);
        let ended = process.ends_within(ORDERLY);
        if ended && leftover::kill_all(self.kind.home(), K::NAME) {
            Ok(())
        } else {
            Err(Error::StillRunning { server: K::NAME })
        }
    }

    /// Stops every process of it without ending it, as a machine that hangs would.
    pub(crate) fn freeze(&self) {
        leftover::signal_all(self.kind.home(), K::NAME, Signal::SIGSTOP);
    }

    pub(crate) fn thaw(&self) {
        leftover::signal_all(self.kind.home(), K::NAME, Signal::SIGCONT);
    }

    /// The same directory and the same port again, after an end of whatever kind.
    pub(crate) fn restart(&self) -> Result<(), Error> {
        self.stop()?;
        let mut process = self.process();
        leftover::clear(self.kind.home(), K::NAME)?;
        match launch(&self.kind, self.port)? {
            Start::Ready(started) => {
                self.pid.store(started.pid(), Ordering::Relaxed);
                *process = started;
                Ok(())
            }
            Start::PortTaken => Err(Error::PortTaken { server: K::NAME, port: self.port }),
        }
    }

    fn stop_within(&self, patience: Duration) -> Result<(), Error> {
        let mut process = self.process();
        for signal in [Signal::SIGINT, Signal::SIGQUIT] {
            process.signal(signal);
            if process.ends_within(patience) {
                return Ok(());
            }
            tracing::warn!(server = K::NAME, pid = process.pid(), %signal, "did not end in time");
        }
        drop(process);
        self.kill()
    }

    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Kind> Drop for Server<K> {
    fn drop(&mut self) {
        if let Err(left) = self.stop_within(DROPPED) {
            tracing::warn!(server = K::NAME, error = %left, "left behind");
        }
    }
}

/// Creates `dir` and keeps everyone else out of it, other accounts and other processes of this one. The lock is free again with the end of this
/// process, however it ends.
pub(crate) fn lock(dir: &Path) -> Result<(PathBuf, File), Error> {
    secrets::directory(dir)?;
    let dir = dir.canonicalize().doing("find", dir)?;
    let path = dir.join("lock");
    let file =
        OpenOptions::new().create(true).write(true).truncate(false).open(&path).doing("open", &path)?;
    match file.try_lock() {
        Ok(()) => Ok((dir, file)),
        Err(fs::TryLockError::WouldBlock) => Err(Error::InUse { dir }),
        Err(fs::TryLockError::Error(source)) => {
            Err(Error::Io { doing: format!("lock {}", path.display()), source })
        }
    }
}

fn launch<K: Kind>(kind: &K, port: u16) -> Result<Start, Error> {
    kind.prepare(port)?;
    let path = kind.log();
    let log = open_log(&path)?;
    let said_before = log.metadata().doing("look at", &path)?.len();
    let launch = kind.launch(port);
    let mut process = Process::start(&launch, log).doing("start", launch.program)?;
    let end = Instant::now() + READY;
    while !kind.is_ready(process.pid()) {
        let why = match process.ended() {
            Some(how) => how,
            None if Instant::now() > end => {
                process.signal(Signal::SIGKILL);
                process.ends_within(DROPPED);
                format!("not ready after {} seconds", READY.as_secs())
            }
            None => {
                std::thread::sleep(PAUSE);
                continue;
            }
        };
        let log = last_lines(&path, said_before);
        if log.to_lowercase().contains("address already in use") {
            return Ok(Start::PortTaken);
        }
        return Err(Error::NotStarted { server: K::NAME, why, log });
    }
    tracing::debug!(server = K::NAME, pid = process.pid(), port, "ready");
    Ok(Start::Ready(process))
}

fn open_log(path: &Path) -> Result<File, Error> {
    if path.metadata().is_ok_and(|log| log.len() > LOG_BYTES) {
        fs::remove_file(path).doing("remove", path)?;
    }
    OpenOptions::new().create(true).append(true).open(path).doing("open", path)
}

fn last_lines(path: &Path, from: u64) -> String {
    const LINES: usize = 12;
    let mut said = Vec::new();
    if let Ok(mut log) = File::open(path)
        && log.seek(SeekFrom::Start(from)).is_ok()
    {
        let _ = log.take(LOG_BYTES).read_to_end(&mut said);
    }
    let said = String::from_utf8_lossy(&said);
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
