//! How a tale ends: the reporter is told, asked how it was, and the case is struck off.

use anyhow::ensure;
use huying_proto::casework::v1::{CaseState, GetCaseRequest, GetHistoryRequest, Outcome};
use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::{
    Callback, CallbackState, GetCallbackRequest, ListCallbacksRequest, RecordVerdictRequest, Satisfaction,
    Verdict,
};
use huying_proto::intake::v1::{
    AnswerRequestRequest, GetRequestRequest, Request, RequestState, TrackRequestRequest,
};

use super::stage::{Play, eventually, there};
use crate::client::{Who, request_id};
use crate::words::Word;

impl Play<'_> {
    pub(super) async fn tell(&mut self) -> anyhow::Result<()> {
        let Some(unit) = self.tale.first_contact else {
            let request = Box::pin(self.request_in(RequestState::Answered)).await?;
            self.request = request;
            return self.screen.step(
                None,
                "线上平台 platform",
                "答复 answer",
                "published on the tracking page 查询页可见",
            );
        };
        let request = Box::pin(self.request_in(RequestState::Answering)).await?;
        let who = Box::pin(self.staff(unit)).await?;
        let (id, answer) = (request.id, self.tale.answer.to_owned());
        let request = AnswerRequestRequest { request_id: request_id(), id, answer };
        self.request = self.client.requests(&who)?.answer_request(request).await?.into_inner();
        ensure!(
            self.request.state() == RequestState::Answered,
            "the request is {}",
            self.request.state().english()
        );
        let name = Box::pin(self.name(unit)).await?;
        self.screen.step(None, &name, "答复 answer", "首问负责: told by who took it, the duty is discharged")
    }

    pub(super) async fn request_in(&self, state: RequestState) -> anyhow::Result<Request> {
        let id = self.request.id.clone();
        eventually("intake hears of it", || async {
            let asked =
                self.client.requests(&self.reader)?.get_request(GetRequestRequest { id: id.clone() }).await;
            let request = there(asked)?.unwrap_or_default();
            let is = request.state();
            Ok(if is == state {
                Ok(request)
            } else {
                Err(format!("the request is {}, not {}", is.english(), state.english()))
            })
        })
        .await
    }

    pub(super) async fn verdict(&mut self, satisfaction: Satisfaction, comment: &str) -> anyhow::Result<()> {
        let callback = Box::pin(self.callback()).await?;
        let verdict = Verdict {
            contacted: true,
            solved: true,
            satisfaction: satisfaction.into(),
            comment: comment.to_owned(),
        };
        let (id, version) = (callback.id, callback.version);
        let request = RecordVerdictRequest { request_id: request_id(), id, version, verdict: Some(verdict) };
        let caller = Who::Callback { area: self.district.clone() };
        let callback = self.client.callbacks(&caller)?.record_verdict(request).await?.into_inner();
        ensure!(callback.state() == CallbackState::Passed, "the callback is {}", callback.state().english());
        let told = format!("{} · {} · “{comment}”", callback.state().both(), satisfaction.chinese());
        self.screen.step(callback.end_time.as_ref(), "回访 callback", "评单 judge", &told)
    }

    pub(super) async fn callback(&self) -> anyhow::Result<Callback> {
        let caller = Who::Callback { area: self.district.clone() };
        let filter = ListCallbacksRequest {
            district: self.district.clone(),
            case: self.case.id.clone(),
            ..ListCallbacksRequest::default()
        };
        let found = eventually("evaluation opens the callback", || async {
            let asked = self.client.callbacks(&caller)?.list_callbacks(filter.clone()).await?.into_inner();
            Ok(asked.callbacks.into_iter().next().ok_or_else(|| "there is none yet".to_owned()))
        })
        .await?;
        let request = GetCallbackRequest { id: found.id };
        Ok(self.client.callbacks(&caller)?.get_callback(request).await?.into_inner())
    }

    pub(super) async fn closed(&mut self) -> anyhow::Result<()> {
        let id = self.case.id.clone();
        self.case = eventually("casework strikes the case off", || async {
            let asked = self.client.cases(&self.reader)?.get_case(GetCaseRequest { id: id.clone() }).await;
            let case = there(asked)?.unwrap_or_default();
            let is = case.state();
            Ok(if is == CaseState::Closed { Ok(case) } else { Err(format!("the case is {}", is.english())) })
        })
        .await?;
        ensure!(self.case.outcome() == Outcome::StruckOff, "it closed as {}", self.case.outcome().english());
        ensure!(self.case.requests.iter().all(|request| request.answered), "a request on it is not answered");
        let told = "resolved, answered, judged 对账销号";
        self.screen.step(self.case.close_time.as_ref(), "casework 理单", "销号 strike off", told)?;
        let highest = Box::pin(self.highest()).await?;
        ensure!(
            highest == self.tale.top,
            "it came to the {}, not the {}",
            highest.english(),
            self.tale.top.english()
        );
        Box::pin(self.tracked()).await?;
        let span = self.took();
        self.screen.happy_end(&format!("answered and closed; highest tier {}; {span}", highest.both()))
    }

    /// The highest tier that ever held it, by its own history.
    pub(super) async fn highest(&mut self) -> anyhow::Result<Tier> {
        let request = GetHistoryRequest { id: self.case.id.clone(), from_version: 0, page_size: 1000 };
        let entries = self.client.cases(&self.reader)?.get_history(request).await?.into_inner().entries;
        let mut highest = Tier::Unspecified;
        for entry in entries {
            highest = highest.max(Box::pin(self.unit(&entry.holder)).await?.tier());
        }
        Ok(highest)
    }

    /// What the reporter sees with the receipt alone.
    pub(super) async fn tracked(&self) -> anyhow::Result<()> {
        let request = TrackRequestRequest {
            number: self.request.number.clone(),
            tracking_token: self.tracking_token.clone(),
        };
        let track = self.client.requests(&Who::Nobody)?.track_request(request).await?.into_inner();
        ensure!(track.state() == RequestState::Answered, "the reporter sees {}", track.state().english());
        ensure!(track.answer == self.tale.answer, "the reporter sees another answer: {}", track.answer);
        Ok(())
    }

    pub(super) fn took(&self) -> String {
        let seconds = |at: &Option<pbjson_types::Timestamp>| at.as_ref().map_or(0, |at| at.seconds);
        let took = seconds(&self.case.close_time) - seconds(&self.request.submit_time);
        format!("{took} s from call to close")
    }
}
