//! The holder's steps, and those of the departments it calls.

use anyhow::{Context, ensure};
use huying_proto::casework::v1::{
    AcceptCaseRequest, AddNoteRequest, CallDepartmentsRequest, CaseState, DispatchResponse,
    EscalateCaseRequest, GetCaseRequest, ResolveCaseRequest, RespondDispatchRequest, Summons,
};
use huying_proto::common::v1::{Limit, Tier};

use super::stage::{Play, running};
use crate::client::request_id;
use crate::words::Word;

impl Play<'_> {
    pub(super) async fn accept(&mut self) -> anyhow::Result<()> {
        let request = AcceptCaseRequest {
            request_id: request_id(),
            id: self.case.id.clone(),
            version: self.case.version,
        };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.accept_case(request).await?.into_inner();
        ensure!(self.case.state() == CaseState::Working, "the case is {}", self.case.state().english());
        self.follows("签收 accept").await
    }

    pub(super) async fn note(&mut self, text: &str, public: bool) -> anyhow::Result<()> {
        let (id, version, text) = (self.case.id.clone(), self.case.version, text.to_owned());
        let request = AddNoteRequest { request_id: request_id(), id, version, text: text.clone(), public };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.add_note(request).await?.into_inner();
        let name = Box::pin(self.place()).await?;
        self.screen.step(None, &name, if public { "告知进度 note" } else { "记录 note" }, &text)
    }

    pub(super) async fn escalate(&mut self, reason: &str, to: &str, tier: Tier) -> anyhow::Result<()> {
        let before = Box::pin(self.place()).await?;
        let (id, version, reason) = (self.case.id.clone(), self.case.version, reason.to_owned());
        let request = EscalateCaseRequest { request_id: request_id(), id, version, reason: reason.clone() };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.escalate_case(request).await?.into_inner();
        ensure!(self.case.holder == to, "{} holds it, not {to}", self.case.holder);
        ensure!(self.case.tier() == tier, "it stands at the {}", self.case.tier().english());
        let after = Box::pin(self.place()).await?;
        self.screen.step(None, &before, "上报 escalate", &format!("→ {after}"))?;
        self.screen.more(&reason)?;
        self.screen.clocks(&running(&self.case))
    }

    pub(super) async fn call(
        &mut self,
        summons: &[(&str, &str)],
        respond: Option<Limit>,
        resolve: Option<Limit>,
    ) -> anyhow::Result<()> {
        let summon = |(place, (unit, task)): (usize, &(&str, &str))| Summons {
            unit: (*unit).to_owned(),
            lead: place == 0,
            task: (*task).to_owned(),
            ..Summons::default()
        };
        let request = CallDepartmentsRequest {
            request_id: request_id(),
            id: self.case.id.clone(),
            version: self.case.version,
            summons: summons.iter().enumerate().map(summon).collect(),
            respond,
            resolve,
        };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        let called = cases.call_departments(request).await?.into_inner();
        self.case = called.case.unwrap_or_default();
        self.dispatches = called.dispatches;
        ensure!(self.dispatches.len() == summons.len(), "{} dispatches were sent", self.dispatches.len());
        let place = Box::pin(self.place()).await?;
        self.screen.step(None, &place, "呼叫 call", "")?;
        for dispatch in self.dispatches.clone() {
            let unit = Box::pin(self.name(&dispatch.unit)).await?;
            let lead = if dispatch.lead { "主责 lead" } else { "协同 co" };
            self.screen.more(&format!("→ {unit} ({lead}): {}", dispatch.task))?;
            self.screen.clocks(&dispatch.clocks)?;
        }
        Ok(())
    }

    pub(super) async fn respond(
        &mut self,
        unit: &str,
        response: DispatchResponse,
        note: &str,
    ) -> anyhow::Result<()> {
        let who = Box::pin(self.staff(unit)).await?;
        let name = Box::pin(self.name(unit)).await?;
        let place = self.dispatches.iter().position(|dispatch| dispatch.unit == unit);
        let dispatch = place.and_then(|place| self.dispatches.get_mut(place));
        let dispatch = dispatch.with_context(|| format!("{unit} was not called"))?;
        let request = RespondDispatchRequest {
            request_id: request_id(),
            id: dispatch.id.clone(),
            version: dispatch.version,
            response: response.into(),
            note: note.to_owned(),
        };
        *dispatch = self.client.dispatches(&who)?.respond_dispatch(request).await?.into_inner();
        let what = format!("{} {}", response.chinese(), response.english());
        self.screen.step(None, &name, &what, note)?;
        let stopped: Vec<_> =
            dispatch.clocks.iter().filter(|clock| clock.stop_time.is_some()).cloned().collect();
        self.screen.clocks(stopped.last().map_or(&[], std::slice::from_ref))
    }

    pub(super) async fn resolve(&mut self) -> anyhow::Result<()> {
        // A department's answer moves the case on: the holder looks before it decides.
        Box::pin(self.look()).await?;
        let (id, version, answer) = (self.case.id.clone(), self.case.version, self.tale.answer.to_owned());
        let request = ResolveCaseRequest { request_id: request_id(), id, version, answer, handling: None };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        self.case = cases.resolve_case(request).await?.into_inner();
        ensure!(self.case.state() == CaseState::Resolved, "the case is {}", self.case.state().english());
        let place = Box::pin(self.place()).await?;
        self.screen.step(self.case.resolve_time.as_ref(), &place, "办结 resolve", self.tale.answer)?;
        self.screen.clocks(&self.case.clocks)
    }

    pub(super) async fn look(&mut self) -> anyhow::Result<()> {
        let request = GetCaseRequest { id: self.case.id.clone() };
        self.case = self.client.cases(&self.reader)?.get_case(request).await?.into_inner();
        Ok(())
    }
}
