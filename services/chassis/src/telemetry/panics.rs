//! A panic is logged once: by the RPC it happened in, with a request id; anywhere else by the hook,
//! as a log line and not as raw text on stderr.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo};

use futures::FutureExt;

tokio::task_local! {
    static GUARDED: ();
}

thread_local! {
    /// Where the last panic of this thread was: the hook knows it, whoever catches wants it.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `work`; `Err` says why and where it panicked.
pub(crate) async fn guarded<F: Future>(work: F) -> Result<F::Output, String> {
    let caught = GUARDED.scope((), AssertUnwindSafe(work).catch_unwind()).await;
    caught.map_err(|payload| described(&*payload))
}

/// The same for one poll of a stream.
pub(crate) fn guarded_now<T>(poll: impl FnOnce() -> T) -> Result<T, String> {
    let caught = GUARDED.sync_scope((), || std::panic::catch_unwind(AssertUnwindSafe(poll)));
    caught.map_err(|payload| described(&*payload))
}

/// A panic outside of `guarded` is logged here; one inside, by whoever called `guarded`.
pub(super) fn log_them() {
    std::panic::set_hook(Box::new(|panic| {
        if GUARDED.try_with(|()| ()).is_err() {
            report(panic);
        } else {
            let place = panic.location().map(ToString::to_string);
            PLACE.with(|last| *last.borrow_mut() = place);
        }
    }));
}

fn report(panic: &PanicHookInfo<'_>) {
    let at = panic.location().map(ToString::to_string);
    tracing::error!(at, panic = text_of(panic.payload()), "a task panicked");
}

fn described(payload: &(dyn std::any::Any + Send)) -> String {
    let place = PLACE.with(|last| last.borrow_mut().take());
    format!("{} at {}", text_of(payload), place.as_deref().unwrap_or("an unknown place"))
}

fn text_of(payload: &(dyn std::any::Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no words")
}
