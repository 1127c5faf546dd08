//! How a tale ends: the reporter is told, asked how it was, and the case is struck off.

use anyhow::ensure;
use huying_proto::casework::v1::{Case, CaseState, GetCaseRequest, GetHistoryRequest, Outcome};
use huying_proto::common::v1::{Solved, Tier};
use huying_proto::evaluation::v1::{
    AttemptJudgement, Callback, CallbackState, GetCallbackRequest, ListCallbacksRequest,
    RecordVerdictRequest, Satisfaction, Verdict, VerdictReason,
};
use huying_proto::intake::v1::{
    AnswerRequestRequest, GetRequestRequest, Request, RequestState, TrackRequestRequest,
};

use super::screen::span;
use super::stage::{Play, eventually, running, there};
use super::tale::Says;
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

    /// Of a case of many requests all are asked whom the plan has drawn.
    pub(super) async fn verdict(&mut self, satisfaction: Satisfaction, comment: &str) -> anyhow::Result<()> {
        let says = (satisfaction, Solved::Yes, [].as_slice());
        let first = Box::pin(self.callback()).await?;
        let others = Box::pin(self.pending()).await?.into_iter().filter(|other| other.id != first.id);
        let mut last = first.clone();
        for callback in [first.clone()].into_iter().chain(others) {
            last = Box::pin(self.judge(callback, says, comment)).await?;
            ensure!(last.state() == CallbackState::Passed, "the callback is {}", last.state().english());
        }
        let asked = last.among.max(1);
        let told = format!("{} · “{comment}”", satisfaction.chinese());
        let told = if asked > 1 { format!("{asked} 人都{told}") } else { told };
        let settles = last.settles.map(|settles| settles.judgement());
        ensure!(settles == Some(AttemptJudgement::Passed), "the attempt is not settled: {settles:?}");
        self.screen.step("回访 callback", "评单 passed", &told)
    }

    pub(super) async fn fail(
        &mut self,
        says: Says,
        comment: &str,
        (to, tier): (&str, Tier),
    ) -> anyhow::Result<()> {
        let attempt = self.case.attempt;
        let callback = Box::pin(self.callback()).await?;
        let callback = Box::pin(self.judge(callback, says, comment)).await?;
        ensure!(callback.state() == CallbackState::Failed, "the callback is {}", callback.state().english());
        let told = format!("{} · “{comment}”", says.0.chinese());
        self.screen.step("回访 callback", "评单 failed", &told)?;
        self.case = Box::pin(self.case_in(CaseState::Assigned)).await?;
        ensure!(self.case.attempt == attempt + 1, "it is the attempt {}", self.case.attempt);
        self.is_at(to, tier)?;
        Box::pin(self.is_told_why(&callback)).await?;
        // Every answer is owed anew.
        self.request = Box::pin(self.request_in(RequestState::Handling)).await?;
        let told = format!("第 {} 次办理 attempt {}", self.case.attempt, self.case.attempt);
        Box::pin(self.says("重办 reopen", &told)).await?;
        self.screen.clocks(&running(&self.case.clocks))
    }

    /// Whoever works on it again reads the coded reasons, in the place's words, and nothing that the reporter said.
    async fn is_told_why(&mut self, callback: &Callback) -> anyhow::Result<()> {
        let verdict = callback.verdict.clone().unwrap_or_default();
        let request = GetHistoryRequest { id: self.case.id.clone(), from_version: 0, page_size: 1000 };
        let entries = self.client.cases(&self.reader)?.get_history(request).await?.into_inner().entries;
        let reopened = entries.iter().rev().find(|entry| entry.event == "CaseReopened");
        let words = reopened.map(|entry| entry.text.clone()).unwrap_or_default();
        ensure!(verdict.reasons.iter().all(|it| words.contains(&it.text)), "it was reopened because {words}");
        ensure!(!words.contains(&verdict.comment), "the reporter's words are in it: {words}");
        if !verdict.reasons.is_empty() {
            self.screen.more(&words)?;
        }
        Ok(())
    }

    async fn judge(
        &mut self,
        Callback { id, version, .. }: Callback,
        (satisfaction, solved, why): Says,
        comment: &str,
    ) -> anyhow::Result<Callback> {
        let reason = |code: &&str| VerdictReason { code: (*code).to_owned(), text: String::new() };
        let verdict = Verdict {
            contacted: true,
            solved: solved == Solved::Yes,
            how_solved: solved.into(),
            satisfaction: satisfaction.into(),
            comment: comment.to_owned(),
            reasons: why.iter().map(reason).collect(),
            ..Verdict::default()
        };
        let request = RecordVerdictRequest { request_id: request_id(), id, version, verdict: Some(verdict) };
        let caller = Who::Callback { area: self.district.clone() };
        Ok(self.client.callbacks(&caller)?.record_verdict(request).await?.into_inner())
    }

    /// All that are still to be asked.
    async fn pending(&self) -> anyhow::Result<Vec<Callback>> {
        let caller = Who::Callback { area: self.district.clone() };
        let filter = ListCallbacksRequest {
            district: self.district.clone(),
            state: CallbackState::Pending.into(),
            case: self.case.id.clone(),
            page_size: 200,
            ..ListCallbacksRequest::default()
        };
        Ok(self.client.callbacks(&caller)?.list_callbacks(filter).await?.into_inner().callbacks)
    }

    pub(super) async fn callback(&self) -> anyhow::Result<Callback> {
        let caller = Who::Callback { area: self.district.clone() };
        let found = eventually("evaluation opens the callback", || async {
            let asked = Box::pin(self.pending()).await?;
            Ok(asked.into_iter().next().ok_or_else(|| "there is none yet".to_owned()))
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
