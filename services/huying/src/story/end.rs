//! How a tale ends: the reporter is told, asked how it was, and the case is struck off.

use anyhow::ensure;
use huying_proto::casework::v1::{Case, CaseState, GetCaseRequest, GetHistoryRequest, Outcome};
use huying_proto::common::v1::Tier;
use huying_proto::evaluation::v1::{
    Callback, CallbackState, GetCallbackRequest, ListCallbacksRequest, RecordVerdictRequest, Satisfaction,
    Verdict,
};
use huying_proto::intake::v1::{
    AnswerRequestRequest, GetRequestRequest, Request, RequestState, TrackRequestRequest,
};

use super::screen::span;
use super::stage::{Play, eventually, running, there};
use crate::client::{Who, request_id};
use crate::words::Word;

impl Play<'_> {
    pub(super) async fn tell(&mut self) -> anyhow::Result<()> {
        let Some(unit) = self.tale.first_contact else {
            let request = Box::pin(self.request_in(RequestState::Answered)).await?;
            self.request = request;
            return self.screen.step(
                "[线上] 微邻里 platform",
                "答复 answer",
                "查询页可见 on the tracking page",
            );
        };
        let request = Box::pin(self.request_in(RequestState::Answering)).await?;
        let who = Box::pin(self.staff(unit)).await?;
        let (id, answer) = (request.id, self.answer.to_owned());
        let request = AnswerRequestRequest { request_id: request_id(), id, answer };
        self.request = self.client.requests(&who)?.answer_request(request).await?.into_inner();
        ensure!(
            self.request.state() == RequestState::Answered,
            "the request is {}",
            self.request.state().english()
        );
        self.other(unit, "答复 answer", "首问负责 told by whoever took it").await
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
        let callback = Box::pin(self.judge(true, satisfaction, comment)).await?;
        ensure!(callback.state() == CallbackState::Passed, "the callback is {}", callback.state().english());
        Ok(())
    }

    pub(super) async fn fail(&mut self, comment: &str, to: &str, tier: Tier) -> anyhow::Result<()> {
        let attempt = self.case.attempt;
        let callback = Box::pin(self.judge(false, Satisfaction::Unsatisfied, comment)).await?;
        ensure!(callback.state() == CallbackState::Failed, "the callback is {}", callback.state().english());
        self.case = Box::pin(self.case_in(CaseState::Assigned)).await?;
        ensure!(self.case.attempt == attempt + 1, "it is the attempt {}", self.case.attempt);
        self.is_at(to, tier)?;
        // Every answer is owed anew.
        self.request = Box::pin(self.request_in(RequestState::Handling)).await?;
        let told = format!("第 {} 次办理 attempt {}", self.case.attempt, self.case.attempt);
        Box::pin(self.says("重办 reopen", &told)).await?;
        self.screen.clocks(&running(&self.case.clocks))
    }

    async fn judge(
        &mut self,
        solved: bool,
        satisfaction: Satisfaction,
        comment: &str,
    ) -> anyhow::Result<Callback> {
        let Callback { id, version, .. } = Box::pin(self.callback()).await?;
        let (satisfied, comment) = (satisfaction.into(), comment.to_owned());
        let told = format!("{} · “{comment}”", satisfaction.chinese());
        let verdict = Some(Verdict { contacted: true, solved, satisfaction: satisfied, comment });
        let request = RecordVerdictRequest { request_id: request_id(), id, version, verdict };
        let caller = Who::Callback { area: self.district.clone() };
        let callback = self.client.callbacks(&caller)?.record_verdict(request).await?.into_inner();
        let state = callback.state();
        self.screen.step("回访 callback", &format!("评单 {}", state.english()), &told)?;
        Ok(callback)
    }

    pub(super) async fn callback(&self) -> anyhow::Result<Callback> {
        let caller = Who::Callback { area: self.district.clone() };
        let filter = ListCallbacksRequest {
            district: self.district.clone(),
            state: CallbackState::Pending.into(),
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

    /// The case, once it has come to a state.
    async fn case_in(&self, state: CaseState) -> anyhow::Result<Case> {
        let id = self.case.id.clone();
        eventually("casework hears of it", || async {
            let asked = self.client.cases(&self.reader)?.get_case(GetCaseRequest { id: id.clone() }).await;
            let case = there(asked)?.unwrap_or_default();
            let is = case.state();
            Ok(if is == state {
                Ok(case)
            } else {
                Err(format!("the case is {}, not {}", is.english(), state.english()))
            })
        })
        .await
    }

    pub(super) async fn closed(&mut self) -> anyhow::Result<()> {
        self.case = Box::pin(self.case_in(CaseState::Closed)).await?;
        ensure!(self.case.outcome() == Outcome::StruckOff, "it closed as {}", self.case.outcome().english());
        ensure!(self.case.requests.iter().all(|request| request.answered), "a request on it is not answered");
        let told = "对账销号 resolved, answered, judged";
        self.screen.step("理单 casework", "销号 strike off", told)?;
        let highest = Box::pin(self.highest()).await?;
        ensure!(
            highest == self.tale.top,
            "it came to the {}, not the {}",
            highest.english(),
            self.tale.top.english()
        );
        Box::pin(self.tracked()).await?;
        Box::pin(self.all_tracked()).await?;
        let (chinese, english) = self.took();
        let told = format!("最高到{}，用时 {chinese}", highest.chinese());
        self.screen.happy_end(&format!(
            "{told} · answered and closed in {english}, highest tier {}",
            highest.english()
        ))
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
        ensure!(track.answer == self.answer, "the reporter sees another answer: {}", track.answer);
        Ok(())
    }

    /// From the call to the end.
    fn took(&self) -> (String, String) {
        let seconds = |at: &Option<pbjson_types::Timestamp>| at.as_ref().map_or(0, |at| at.seconds);
        span(seconds(&self.case.close_time) - seconds(&self.request.submit_time))
    }
}
