//! A stream is used only as it was asked for. Whoever holds a service's key, or had it when NATS had lost its disk, may have made it so that
//! it copies others into itself, says everything on elsewhere, or forgets: that is told, and nothing is written there.

use async_nats::jetstream::{
    context::CreateStreamError,
    stream::{Config, DiscardPolicy, Stream},
};

use super::Bus;

/// Why there is no stream to use.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    #[error(transparent)]
    Away(#[from] CreateStreamError),
    #[error(
        "the stream {stream} {what}: nobody made it so for Huying. Let an operator of NATS look who did and remove it: it is made anew and filled from the log"
    )]
    Unfit { stream: String, what: &'static str },
}

impl Bus {
    /// A stream of these settings, made if it is not there.
    ///
    /// # Errors
    /// NATS away, or a stream of that name that does more, or keeps less.
    pub(crate) async fn stream(&self, ours: Config) -> Result<Stream, StreamError> {
        let stream = self.jetstream().get_or_create_stream(&ours).await?;
        match unfit(&ours, &stream.cached_info().config) {
            Some(what) => Err(StreamError::Unfit { stream: ours.name, what }),
            None => Ok(stream),
        }
    }
}

/// In what a stream is another than was asked for. Larger bounds, replicas and where it lies are its operator's to choose.
fn unfit(ours: &Config, found: &Config) -> Option<&'static str> {
    let copies = found.mirror.is_some() || found.sources.as_ref().is_some_and(|sources| !sources.is_empty());
    let forgets = found.allow_rollup
        || found.no_ack
        || (found.retention, found.storage) != (ours.retention, ours.storage)
        || (ours.deny_delete && !found.deny_delete)
        || (ours.deny_purge && !found.deny_purge);
    let faults = [
        (copies, "copies other streams into itself"),
        (found.republish.is_some(), "says on elsewhere what it is given"),
        (found.subject_transform.is_some() || found.subjects != ours.subjects, "is of other subjects"),
        (forgets, "may lose what it is given, or have it deleted"),
        (keeps_less(ours, found), "keeps less than it should"),
    ];
    faults.into_iter().find_map(|(is_so, what)| is_so.then_some(what))
}

/// What refuses the new keeps all that it took: a bound of it loses nothing.
fn keeps_less(ours: &Config, found: &Config) -> bool {
    let less = |ours: i64, found: i64| found > 0 && (ours <= 0 || found < ours);
    let rolls = found.discard == DiscardPolicy::Old
        && (ours.discard == DiscardPolicy::New
            || less(ours.max_bytes, found.max_bytes)
            || less(ours.max_messages, found.max_messages));
    rolls
        || less(ours.max_messages_per_subject, found.max_messages_per_subject)
        || less(ours.max_message_size.into(), found.max_message_size.into())
        || (!found.max_age.is_zero() && (ours.max_age.is_zero() || found.max_age < ours.max_age))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use async_nats::jetstream::stream::{Republish, Source, StorageType};

    use super::*;

    fn ours() -> Config {
        Config { subjects: vec!["a.>".to_owned()], max_bytes: 100, max_message_size: 10, ..Config::default() }
    }

    #[test]
    fn what_does_more_or_keeps_less_is_told() {
        let republish = Republish { source: ">".into(), destination: "b.>".into(), headers_only: false };
        let source = Source { name: "OTHER".into(), ..Source::default() };
        for (found, told) in [
            (Config { republish: Some(republish), ..ours() }, Some("says on")),
            (Config { sources: Some(vec![source.clone()]), ..ours() }, Some("copies")),
            (Config { mirror: Some(source), ..ours() }, Some("copies")),
            (Config { subjects: vec![">".into()], ..ours() }, Some("subjects")),
            (Config { allow_rollup: true, ..ours() }, Some("may lose")),
            (Config { storage: StorageType::Memory, ..ours() }, Some("may lose")),
            (Config { max_messages: 1, ..ours() }, Some("keeps less")),
            (Config { max_messages_per_subject: 1, ..ours() }, Some("keeps less")),
            (Config { max_bytes: 99, ..ours() }, Some("keeps less")),
            (Config { max_message_size: 9, ..ours() }, Some("keeps less")),
            (Config { max_age: Duration::from_secs(1), ..ours() }, Some("keeps less")),
            (Config { max_messages: 1, discard: DiscardPolicy::New, ..ours() }, None),
            (
                Config { max_messages: -1, max_bytes: 200, num_replicas: 3, max_message_size: -1, ..ours() },
                None,
            ),
        ] {
            let what = unfit(&ours(), &found);
            assert_eq!(what.is_some(), told.is_some(), "{what:?} {told:?}");
            assert!(what.unwrap_or_default().contains(told.unwrap_or_default()), "{what:?}");
        }
        let kept = Config { deny_purge: true, discard: DiscardPolicy::New, ..ours() };
        assert_eq!(unfit(&kept, &ours()), Some("may lose what it is given, or have it deleted"));
        assert_eq!(unfit(&kept, &Config { deny_purge: true, ..ours() }), Some("keeps less than it should"));
    }
}
