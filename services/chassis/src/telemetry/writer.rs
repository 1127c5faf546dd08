//! Writing logs without ever waiting for whoever reads them: lines go over a bounded channel to one
//! thread that writes to stderr; when it is full they are dropped and counted.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

const WAITING: usize = 8192;
const LONGEST: usize = 64 * 1024;

enum Message {
    Line(Vec<u8>),
    /// Answered when everything before it is written.
    Flush(SyncSender<()>),
}

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Writer {
    lines: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

impl Writer {
    pub(super) fn start() -> io::Result<Self> {
        let (lines, waiting) = sync_channel(WAITING);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || write_all(&waiting))?;
        Ok(Self { lines, dropped: Arc::default() })
    }

    pub(super) fn dropped(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.dropped)
    }

    /// Waits until what was said is written, but not longer than this.
    pub(super) fn flush(&self, within: Duration) {
        let (done, wait) = sync_channel(1);
        if self.lines.try_send(Message::Flush(done)).is_ok() {
            // In time or not makes no difference any more: the process ends either way.
            let _ = wait.recv_timeout(within);
        }
    }
}

/// Ends when the last `Writer` is gone. A closed stderr takes nothing, and nobody can be told.
fn write_all(waiting: &Receiver<Message>) {
    for message in waiting {
        match message {
            Message::Line(line) => {
                let _ = io::stderr().write_all(&line);
            }
            Message::Flush(done) => {
                let _ = io::stderr().flush();
                let _ = done.try_send(());
            }
        }
    }
}

/// The subscriber hands over one whole line at a time.
impl Write for Writer {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let kept = if line.len() > LONGEST { [&line[..LONGEST], b"\n"].concat() } else { line.to_vec() };
        if self.lines.try_send(Message::Line(kept)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Writer {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
