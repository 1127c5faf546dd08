//! What is decided above the holder: approvals, suspensions and their reviews, a leader's charge, supervision.

use anyhow::{Context, ensure};
use huying_proto::casework::v1::{
    AnswerSupervisionRequest, Approval, ApprovalKind, ApprovalState, AskSuspensionRequest, Case, CaseState,
    GetApprovalRequest, GrantApprovalRequest, ReportChargeRequest, ResumeCaseRequest,
    ReviewSuspensionRequest, SuperviseCaseRequest, SupervisionLevel, TakeChargeRequest,
};

use super::stage::{Play, running};
use crate::client::request_id;
use crate::words::Word;

impl Play<'_> {
    /// The district's own unit, which governs the place.
    fn center(&self) -> String {
        format!("D-{}", self.district)
    }

    pub(super) async fn ask_suspension(&mut self, plan: &str, days: u64, reason: &str) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let (plan, reason, review_date) = (plan.to_owned(), reason.to_owned(), self.day(days));
        let told = format!("复查日 {review_date}：{reason}");
        let request = AskSuspensionRequest { request_id, id, version, plan, review_date, reason };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.ask_suspension(request).await?.into_inner();
        self.says("申请挂账 ask", &told).await
    }

    pub(super) async fn grant(&mut self, by: &str, reason: &str) -> anyhow::Result<()> {
        let granted = Box::pin(self.granted(self.case.clone(), by, reason)).await?;
        Box::pin(self.other(by, "同意 grant", &format!("{}：{reason}", granted.kind().chinese()))).await?;
        // Granting and what comes of it are one commit.
        Box::pin(self.look()).await?;
        match granted.kind() {
            ApprovalKind::Suspend => {
                self.is(CaseState::Suspended)?;
                Box::pin(self.follows("挂账 suspend")).await
            }
            ApprovalKind::CallGroup => {
                ensure!(self.case.groups.len() == 1, "no group is at work");
                ensure!(self.dispatches.len() == granted.members.len(), "not every member was called");
                let mut sent = self.dispatches.clone();
                sent.reverse();
                Box::pin(self.sent(&sent)).await
            }
            ApprovalKind::Extend | ApprovalKind::Decline | ApprovalKind::Unspecified => Ok(()),
        }
    }

    /// What was asked for last on a case, as whoever must rule on it has granted it.
    pub(super) async fn granted(&mut self, case: Case, by: &str, reason: &str) -> anyhow::Result<Approval> {
        let pending = case.approvals.last().context("nothing was asked for")?.id.clone();
        let who = Box::pin(self.staff(by)).await?;
        let mut approvals = self.client.approvals(&who)?;
        let asked = approvals.get_approval(GetApprovalRequest { id: pending }).await?.into_inner();
        ensure!(asked.granter == by, "{} is to rule, not {by}", asked.granter);
        let Approval { id, version, .. } = asked;
        let request =
            GrantApprovalRequest { request_id: request_id(), id, version, reason: reason.to_owned() };
        let granted = approvals.grant_approval(request).await?.into_inner();
        ensure!(granted.state() == ApprovalState::Granted, "it is {}", granted.state().english());
        Ok(granted)
    }

    pub(super) async fn review(&mut self, days: u64, remark: &str) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let (by, review_date, remark) = (self.center(), self.day(days), remark.to_owned());
        let told = format!("{remark}，下次复查 {review_date}");
        let request = ReviewSuspensionRequest { request_id, id, version, review_date, remark };
        let mut cases = self.client.cases(&Box::pin(self.staff(&by)).await?)?;
        self.case = cases.review_suspension(request).await?.into_inner();
        self.is(CaseState::Suspended)?;
        Box::pin(self.other(&by, "复查 review", &told)).await?;
        self.screen.clocks(&running(&self.case.clocks))
    }

    pub(super) async fn resume(&mut self, reason: &str) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let request = ResumeCaseRequest { request_id, id, version, reason: reason.to_owned() };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.resume_case(request).await?.into_inner();
        self.is(CaseState::Working)?;
        Box::pin(self.says("恢复办理 resume", reason)).await?;
        self.screen.clocks(&running(&self.case.clocks))
    }

    pub(super) async fn take_charge(&mut self, leader: &str, plan: &str) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let (by, told) = (self.center(), format!("{leader}：{plan}"));
        let (leader, plan) = (leader.to_owned(), plan.to_owned());
        let request = TakeChargeRequest { request_id, id, version, leader, plan };
        let mut cases = self.client.cases(&Box::pin(self.staff(&by)).await?)?;
        self.case = cases.take_charge(request).await?.into_inner();
        ensure!(self.case.charge.is_some(), "it is in nobody's charge");
        self.other(&by, "领办 take charge", &told).await
    }

    pub(super) async fn report(&mut self, text: &str) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let request = ReportChargeRequest { request_id, id, version, text: text.to_owned() };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.report_charge(request).await?.into_inner();
        let progress = self.case.charge.as_ref().and_then(|charge| charge.progress.as_ref());
        ensure!(progress.is_some_and(|it| it.text == text), "the progress is not kept");
        self.says("领办进展 report", text).await
    }

    pub(super) async fn supervise(
        &mut self,
        by: &str,
        level: SupervisionLevel,
        reason: &str,
    ) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let (level_code, reason) = (level.into(), reason.to_owned());
        let request =
            SuperviseCaseRequest { request_id, id, version, level: level_code, reason: reason.clone() };
        let mut cases = self.client.cases(&Box::pin(self.staff(by)).await?)?;
        self.case = cases.supervise_case(request).await?.into_inner();
        let presses = self.case.supervision.as_ref().map(|it| it.level());
        ensure!(presses == Some(level), "nothing presses the holder");
        let place = Box::pin(self.place()).await?;
        let what = format!("{} {}", level.chinese(), level.english());
        Box::pin(self.other(by, &what, &format!("→ {place}：{reason}"))).await?;
        let reply = running(&self.case.clocks);
        self.screen.clocks(reply.last().map_or(&[], std::slice::from_ref))
    }

    pub(super) async fn answer_supervision(&mut self, text: &str) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let request = AnswerSupervisionRequest { request_id, id, version, text: text.to_owned() };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.answer_supervision(request).await?.into_inner();
        let answer = self.case.supervision.as_ref().and_then(|it| it.answer.as_ref());
        ensure!(answer.is_some(), "the answer is not kept");
        self.says("答复督办 answer", text).await
    }
}
