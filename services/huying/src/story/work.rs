//! The holder's steps.

use anyhow::ensure;
use huying_chassis::status::reason;
use huying_proto::casework::v1::{
    AcceptCaseRequest, AddNoteRequest, CaseState, ContactMethod, EscalateCaseRequest, Handling,
    ResolveCaseRequest,
};
use huying_proto::common::v1::Tier;

use super::stage::{Play, running};
use crate::words::Word;

impl Play<'_> {
    pub(super) async fn accept(&mut self) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.accept_case(AcceptCaseRequest { request_id, id, version }).await?.into_inner();
        self.is(CaseState::Working)?;
        self.follows("签收 accept").await
    }

    pub(super) async fn note(&mut self, text: &str, public: bool) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let request = AddNoteRequest { request_id, id, version, text: text.to_owned(), public };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.add_note(request).await?.into_inner();
        self.says(if public { "告知进度 note" } else { "记录 note" }, text).await
    }

    pub(super) async fn escalate(&mut self, reason: &str, to: &str, tier: Tier) -> anyhow::Result<()> {
        let before = Box::pin(self.place()).await?;
        let (request_id, id, version) = self.named();
        let request = EscalateCaseRequest { request_id, id, version, reason: reason.to_owned() };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.escalate_case(request).await?.into_inner();
        self.is_at(to, tier)?;
        let after = Box::pin(self.place()).await?;
        self.screen.step(&before, "上报 escalate", &format!("→ {after}"))?;
        self.screen.more(reason)?;
        self.screen.clocks(&running(&self.case.clocks))
    }

    pub(super) async fn resolve(&mut self, answer: &'static str) -> anyhow::Result<()> {
        self.answer = answer;
        let (request_id, id, version) = self.named();
        let mut request =
            ResolveCaseRequest { request_id, id, version, answer: answer.to_owned(), handling: None };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        if self.case.visit_first {
            let refused = cases.resolve_case(request.clone()).await.err();
            let why = refused.as_ref().and_then(reason).unwrap_or_default();
            ensure!(why == "VISIT_FIRST", "resolving without a home visit is refused with '{why}'");
            request.handling = Some(visited());
        }
        self.case = cases.resolve_case(request).await?.into_inner();
        self.is(CaseState::Resolved)?;
        Box::pin(self.says("办结 resolve", answer)).await?;
        self.screen.clocks(&self.case.clocks)
    }

    pub(super) fn is(&self, state: CaseState) -> anyhow::Result<()> {
        let is = self.case.state();
        ensure!(is == state, "the case is {}, not {}", is.english(), state.english());
        Ok(())
    }

    pub(super) fn is_at(&self, unit: &str, tier: Tier) -> anyhow::Result<()> {
        ensure!(self.case.holder == unit, "{} holds it, not {unit}", self.case.holder);
        ensure!(self.case.tier() == tier, "it stands at the {}", self.case.tier().english());
        Ok(())
    }
}

/// That the reporter was spoken with at home.
fn visited() -> Handling {
    Handling { contacted: Some(true), contact_method: ContactMethod::Visit.into(), ..Handling::default() }
}
