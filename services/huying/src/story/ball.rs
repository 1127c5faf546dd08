//! 踢皮球: a holder hands the case back, and somebody above decides.

use anyhow::{Context, ensure};
use huying_proto::casework::v1::{
    ArbitrateCaseRequest, CaseState, GetAllowedStepsRequest, ReturnCaseRequest,
};

use super::stage::{Play, running};

impl Play<'_> {
    pub(super) async fn give_back(&mut self, reason: &str, arbiter: &str) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let request = ReturnCaseRequest { request_id, id, version, reason: reason.to_owned() };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.return_case(request).await?.into_inner();
        self.is(CaseState::Returned)?;
        ensure!(self.case.arbiter == arbiter, "{} is to decide, not {arbiter}", self.case.arbiter);
        let arbiter = Box::pin(self.name(arbiter)).await?;
        Box::pin(self.says("退单 return", &format!("→ {arbiter} 待裁"))).await?;
        self.screen.more(reason)?;
        self.screen.clocks(&running(&self.case.clocks))
    }

    pub(super) async fn arbitrate(&mut self, reason: &str, to: &str, binds: bool) -> anyhow::Result<()> {
        let arbiter = self.case.arbiter.clone();
        let (request_id, id, version) = self.named();
        let (unit, reason) = (to.to_owned(), reason.to_owned());
        let request =
            ArbitrateCaseRequest { request_id, id, version, unit, binding: false, reason: reason.clone() };
        let mut cases = self.client.cases(&Box::pin(self.staff(&arbiter)).await?)?;
        self.case = cases.arbitrate_case(request).await?.into_inner();
        self.is(CaseState::Assigned)?;
        ensure!(self.case.holder == to, "{} holds it, not {to}", self.case.holder);
        ensure!(self.case.binding == binds, "whether it binds: {}", self.case.binding);
        let after = Box::pin(self.place()).await?;
        let bound = if binds { "，有约束力 binding" } else { "" };
        Box::pin(self.other(&arbiter, "裁定 arbitrate", &format!("→ {after}{bound}"))).await?;
        self.screen.more(&reason)?;
        self.screen.clocks(&running(&self.case.clocks))
    }

    pub(super) async fn may_not(&mut self, step: &str, reason: &str) -> anyhow::Result<()> {
        let request = GetAllowedStepsRequest { id: self.case.id.clone() };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        let steps = cases.get_allowed_steps(request).await?.into_inner().steps;
        let found = steps.into_iter().find(|known| known.step == step);
        let found = found.with_context(|| format!("there is no step {step}"))?;
        ensure!(!found.allowed && found.reason == reason, "{step} is refused with '{}'", found.reason);
        self.says("不得 may not", &format!("{step}: {} {}", found.reason, found.words)).await
    }
}
