//! From JetStream into lanes. A lane works its aggregates' events one after another; many lanes work at once and share the group
//! commits. An event is acknowledged only when its effect is committed; what is not acknowledged comes again. What cannot be applied now
//! is handed back to NATS for a while, so that it does not hold up its lane; the marks and the healing keep its aggregate's order.

use std::{hash::BuildHasher, time::Duration};

use async_nats::jetstream::{
    AckKind, Message,
    consumer::{AckPolicy, PullConsumer, pull},
};
use futures::StreamExt;
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    Failure, Follower, Source,
    apply::{Applied, Via, pause},
    believe::{self, Refused},
    dead::Reason,
};
use crate::{
    bus::{Bus, CloudEvent},
    shutdown::Shutdown,
};

/// Unacknowledged events come again after this long.
const ACK_WAIT: Duration = Duration::from_secs(10);
/// Events handed out and not yet acknowledged.
const UNDER_WAY: i64 = 2048;
/// Events waiting in one lane.
const LANE: usize = 64;
/// Tries of an event before it is handed back.
const TRIES: u32 = 3;
/// Longest time it stays away then.
const AWAY: Duration = Duration::from_secs(5);
/// Before a lost connection's consumer is built anew.
const REBUILD: Duration = Duration::from_millis(250);

type Lane = mpsc::Sender<(CloudEvent, Message)>;

pub(super) async fn run(follower: Follower, source: Source, stop: Shutdown) {
    let mut workers = JoinSet::new();
    let lanes: Vec<Lane> = (0..follower.inner.pace.lanes)
        .map(|_| {
            let (lane, queue) = mpsc::channel(LANE);
            workers.spawn(work(follower.clone(), source, queue, stop.clone()));
            lane
        })
        .collect();
    while !stop.has_begun() {
        // A pull stream can die quietly after a reconnect: it is built anew whenever it ends or misses its heartbeat.
        if let Some(Err(error)) = stop.unless(Box::pin(deal(&follower, source, &lanes))).await {
            tracing::debug!(service = follower.inner.service, source = source.root, %error, "no events for now");
        }
        stop.pause(REBUILD).await;
    }
    drop(lanes);
    while workers.join_next().await.is_some() {}
}

async fn deal(follower: &Follower, source: Source, lanes: &[Lane]) -> anyhow::Result<()> {
    let mut messages = consumer(follower, source)
        .await?
        .stream()
        .max_messages_per_batch(512)
        .heartbeat(Duration::from_secs(2))
        .expires(Duration::from_secs(20))
        .messages()
        .await?;
    let hasher = std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default();
    while let Some(message) = messages.next().await {
        let message = message?;
        match believe::read(source, &message.subject, message.headers.as_ref(), &message.payload) {
            Ok(Some(event)) => {
                let lane = hasher.hash_one(event.partitionkey) as usize % lanes.len();
                lanes[lane].send((event, message)).await?;
            }
            Ok(None) => acknowledge(&message).await,
            // If it replaced an event of the owner's, the reconciliation finds the hole.
            Err(why) => {
                follower.inner.refusals.tell(source, &message.subject, why);
                let _ = message.ack_with(AckKind::Term).await;
            }
        }
    }
    Ok(())
}

async fn consumer(follower: &Follower, source: Source) -> anyhow::Result<PullConsumer> {
    let name = follower.inner.service;
    let stream = follower.inner.bus.jetstream().get_stream(Bus::stream_name(source.root)).await?;
    let config = pull::Config {
        durable_name: Some(name.to_owned()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: ACK_WAIT,
        max_ack_pending: UNDER_WAY,
        ..pull::Config::default()
    };
    Ok(stream.get_or_create_consumer(name, config).await?)
}

async fn work(
    follower: Follower,
    source: Source,
    mut queue: mpsc::Receiver<(CloudEvent, Message)>,
    stop: Shutdown,
) {
    while let Some((event, message)) = queue.recv().await {
        let delivered = message.info().map_or(1, |info| info.delivered);
        if finish(&follower, source, (&event, &*message.subject), delivered, &stop).await {
            acknowledge(&message).await;
        } else {
            // At a stop another replica gets it at once.
            let pause = if stop.has_begun() { Duration::ZERO } else { away(&message) };
            let _ = message.ack_with(AckKind::Nak(Some(pause))).await;
        }
    }
}

/// Tries an event a few times. False: it must come again, as once the stop has begun.
async fn finish(
    follower: &Follower,
    source: Source,
    (event, subject): (&CloudEvent, &str),
    delivered: i64,
    stop: &Shutdown,
) -> bool {
    for attempt in 0..TRIES {
        if stop.has_begun() {
            return false;
        }
        match handle(follower, source, event, subject).await {
            Ok(()) => return true,
            Err(Failure::Later(why)) if delivered >= follower.inner.pace.stuck => {
                return follower.park(source, event, Reason::Stuck, &why).await.is_ok();
            }
            Err(failure) => {
                tracing::debug!(service = follower.inner.service, source = source.root, event = %event.id, %failure, "not now");
            }
        }
        stop.pause(pause(attempt)).await;
    }
    false
}

/// Longer each time it comes back.
fn away(message: &Message) -> Duration {
    let delivered = message.info().map_or(1, |info| info.delivered).clamp(1, 8);
    (Duration::from_millis(100) * (1 << delivered)).min(AWAY)
}

async fn handle(
    follower: &Follower,
    source: Source,
    event: &CloudEvent,
    subject: &str,
) -> Result<(), Failure> {
    match follower.apply(source, event, Via::Stream).await? {
        Applied::Now | Applied::Before | Applied::Parked => {}
        Applied::Refused => follower.inner.refusals.tell(source, subject, Refused::Epoch),
        Applied::Ask => {
            follower.heal(source, event.partitionkey).await?;
        }
        // Only the owner can say which of the two is its own.
        Applied::Diverged => {
            follower.audit_of(source, &[event.partitionkey]).await?;
        }
    }
    Ok(())
}

async fn acknowledge(message: &Message) {
    // A lost acknowledgement costs a duplicate, which the mark refuses.
    let _ = message.ack().await;
}
