//! 督评、问政: a delegate looks at a case that was struck off, asks in public, a leader claims it and answers until it is solved.

use anyhow::ensure;
use huying_proto::evaluation::v1::{
    AnswerInquiryRequest, ClaimInquiryRequest, GetInquiryRequest, Inquiry, InquiryState, JudgeInquiryRequest,
    ListPublicInquiriesRequest, OpenInquiryRequest, RecordInspectionRequest,
};

use super::stage::{Play, eventually};
use crate::client::{Who, request_id};
use crate::words::Word;

/// Who does what, as people read it.
const DELEGATE: &str = "[区] 人大代表 delegate";
const LEADER: &str = "[区] 区领导 leader";

impl Play<'_> {
    pub(super) async fn inspect(&mut self, good: bool, text: &str) -> anyhow::Result<()> {
        let (case, said) = (self.case.id.clone(), text.to_owned());
        let request = RecordInspectionRequest { request_id: request_id(), case, good, text: said };
        let found = self.client.delegates(&self.delegate())?.record_inspection(request).await?.into_inner();
        ensure!(found.case == self.case.id && found.good == good, "another case was inspected");
        self.screen.step(DELEGATE, "督评 inspect", text)
    }

    pub(super) async fn inquire(&mut self, unit: &str, question: &str) -> anyhow::Result<()> {
        let request = OpenInquiryRequest {
            request_id: request_id(),
            district: self.district.clone(),
            area: String::new(),
            unit: unit.to_owned(),
            cases: vec![self.case.id.clone()],
            question: question.to_owned(),
        };
        self.inquiry = self.client.inquiries(&self.delegate())?.open_inquiry(request).await?.into_inner();
        self.stands(InquiryState::Open)?;
        ensure!(!Box::pin(self.is_public()).await?, "it is on the board before it was answered");
        let name = Box::pin(self.name(unit)).await?;
        self.screen.step(DELEGATE, "问政 open", &format!("问{name}：{question}"))?;
        let due = self.client.when(self.inquiry.due_time.as_ref());
        self.screen.more(&format!("{due} 前认领 to be claimed"))
    }

    /// Nobody did in time what was owed.
    pub(super) async fn inquiry_overdue(&mut self) -> anyhow::Result<()> {
        let (client, reader, id) = (self.client, self.reader.clone(), self.inquiry.id.clone());
        self.inquiry = eventually("the inquiry is overdue", || async {
            let request = GetInquiryRequest { id: id.clone() };
            let it = client.inquiries(&reader)?.get_inquiry(request).await?.into_inner();
            Ok(if it.overdue { Ok(it) } else { Err(it.state().both()) })
        })
        .await?;
        let told = format!("{} 已到期", self.client.when(self.inquiry.due_time.as_ref()));
        self.screen.by_itself("到点自动 by the clock", "逾期 overdue", &told)
    }

    pub(super) async fn claim_inquiry(&mut self, office: &str) -> anyhow::Result<()> {
        let Inquiry { id, version, .. } = self.inquiry.clone();
        let request =
            ClaimInquiryRequest { request_id: request_id(), id, version, office: office.to_owned() };
        self.inquiry = self.client.inquiries(&self.reader)?.claim_inquiry(request).await?.into_inner();
        self.stands(InquiryState::Claimed)?;
        let due = self.client.when(self.inquiry.due_time.as_ref());
        self.screen.step(LEADER, "认领 claim", &format!("{office}，{due} 前答复"))
    }

    pub(super) async fn answer_inquiry(&mut self, text: &str) -> anyhow::Result<()> {
        let Inquiry { id, version, .. } = self.inquiry.clone();
        let request = AnswerInquiryRequest { request_id: request_id(), id, version, text: text.to_owned() };
        self.inquiry = self.client.inquiries(&self.reader)?.answer_inquiry(request).await?.into_inner();
        self.stands(InquiryState::Answered)?;
        ensure!(Box::pin(self.is_public()).await?, "anyone may read what was answered");
        self.screen.step(LEADER, "公开答复 answer", text)
    }

    pub(super) async fn judge_inquiry(&mut self, solved: bool, note: &str) -> anyhow::Result<()> {
        let Inquiry { id, version, .. } = self.inquiry.clone();
        let (request_id, said) = (request_id(), note.to_owned());
        let request = JudgeInquiryRequest { request_id, id, version, solved, note: said };
        self.inquiry = self.client.inquiries(&self.delegate())?.judge_inquiry(request).await?.into_inner();
        self.stands(if solved { InquiryState::Solved } else { InquiryState::Claimed })?;
        let told = if solved { "已解决 solved" } else { "未解决，再答复 not solved" };
        self.screen.step(DELEGATE, "评议 judge", &format!("{told} · {note}"))
    }

    /// Whether anyone reads it on the public board.
    async fn is_public(&self) -> anyhow::Result<bool> {
        let request = ListPublicInquiriesRequest { district: self.district.clone(), ..Default::default() };
        let board = self.client.inquiries(&Who::Nobody)?.list_public_inquiries(request).await?.into_inner();
        Ok(board.inquiries.iter().any(|it| it.id == self.inquiry.id))
    }

    fn stands(&self, state: InquiryState) -> anyhow::Result<()> {
        let is = self.inquiry.state();
        ensure!(is == state, "the inquiry is {}, not {}", is.english(), state.english());
        Ok(())
    }

    fn delegate(&self) -> Who {
        Who::Delegate { area: self.district.clone() }
    }
}
