//! The one thread that starts every child process.
//!
//! A child's "tell me when my parent dies" is tied to the *thread* that started it, not to the
//! process: a server started from a passing worker thread would be ended when that thread is.
//! The keeper lives as long as the process, so its children do too, and no longer.

use std::io;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

struct Order {
    command: Command,
    answer: SyncSender<io::Result<Child>>,
}

static KEEPER: Mutex<Option<SyncSender<Order>>> = Mutex::new(None);

/// Starts `command` as a child of the keeper.
pub(crate) fn spawn(command: Command) -> io::Result<Child> {
    let (answer, child) = sync_channel(1);
    keeper()?.send(Order { command, answer }).map_err(io::Error::other)?;
    child.recv().map_err(io::Error::other)?
}

fn keeper() -> io::Result<SyncSender<Order>> {
    let mut known = KEEPER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(keeper) = &*known {
        return Ok(keeper.clone());
    }
    let (orders, inbox) = sync_channel(8);
    std::thread::Builder::new().name("embedded-keeper".to_owned()).spawn(move || keep(&inbox))?;
    *known = Some(orders.clone());
    Ok(orders)
}

fn keep(inbox: &Receiver<Order>) {
    while let Ok(mut order) = inbox.recv() {
        // Nobody waits for the answer any more: end what was started for them.
        if let Err(unheard) = order.answer.send(order.command.spawn())
            && let Ok(mut child) = unheard.0
        {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
