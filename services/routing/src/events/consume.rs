//! What routing hears, that is, follows: intake's requests. One arm per event, one app call each; nothing is written here.

use futures::future::BoxFuture;
use huying_chassis::{
    bus::CloudEvent,
    follow::{Consumer, Failure, Source},
    log::ChangeSet,
};
use huying_proto::intake::v1::{RequestState, events::Event};

use crate::{app::App, convert, domain::route::Route};

/// What is followed.
pub const SOURCES: &[Source] =
    &[Source { service: "intake", root: "intake", kinds: &["request"], named_by: "id" }];

/// What routing does about the events of requests.
pub struct Requests {
    app: App,
}

impl Requests {
    pub fn new(app: App) -> Self {
        Self { app }
    }

    async fn hear(&self, event: &CloudEvent) -> Result<ChangeSet, Failure> {
        match event.typed().ok_or_else(|| Failure::unknown(event))? {
            Event::RequestSubmitted(data) => {
                let submitted = data.decode()?;
                let answered =
                    submitted.request.as_ref().is_some_and(|it| it.state() == RequestState::Answered);
                let closed = submitted.close_time.is_some();
                // A consultation that was answered at once: there is nothing to work on, nor was there ever.
                if answered && !closed {
                    return Ok(ChangeSet::default());
                }
                let submission = convert::submission(submitted)
                    .ok_or_else(|| Failure::Poison("the event names no request".into()))?;
                let take = if closed { Route::keep } else { Route::receive };
                self.app.receive(event.partitionkey, submission, take).await
            }
            Event::RequestWithdrawn(_) => self.app.withdraw(event.partitionkey).await,
            Event::RequestSupplemented(data) => {
                let added = data.decode()?;
                self.app.added(event.partitionkey, &event.district, &added.content).await
            }
            // Progress, answers and objections are the case's.
            Event::RequestJoined(_)
            | Event::RequestProgressed(_)
            | Event::RequestDutyMissed(_)
            | Event::RequestContactReplaced(_)
            | Event::RequestForgotten(_)
            | Event::RequestObjected(_)
            | Event::RequestAnswered(_) => Ok(ChangeSet::default()),
            // Told of other kinds than requests, which are not followed.
            #[rustfmt::skip] // Several to a line.
            Event::IntakeProfileApplied(_) | Event::GuidePublished(_) | Event::GuideWithdrawn(_)
            | Event::VisitRecorded(_) | Event::ArchiveOpened(_) | Event::ArchiveVisited(_)
            | Event::ArchiveUpdated(_) | Event::ArchivePlanned(_) | Event::ArchiveObliged(_) | Event::VisitMissed(_)
            | Event::VisitForgotten(_) | Event::ArchiveForgotten(_) | Event::ForumParticipantForgotten(_)
            | Event::RiskOpened(_) | Event::RiskSettled(_)
            | Event::CardIssued(_) | Event::CardUsed(_) | Event::CardReplaced(_) | Event::CardRevoked(_)
            | Event::ForumHeld(_) | Event::OfferMade(_) | Event::OfferMatched(_) | Event::OfferReleased(_)
            | Event::OfferCompleted(_) | Event::OfferWithdrawn(_) | Event::OfferRated(_) => Ok(ChangeSet::default()),
        }
    }
}

impl Consumer for Requests {
    fn apply<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<ChangeSet, Failure>> {
        Box::pin(self.hear(event))
    }
}
