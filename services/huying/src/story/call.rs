//! 呼叫、会商、响应组: what called units are sent, and what becomes of it.

use anyhow::{Context, ensure};
use huying_proto::casework::v1::{
    ArbitrateDispatchRequest, AskResponseGroupRequest, CallDepartmentsRequest, Dispatch, DispatchResponse,
    DispatchState, HoldConsultationRequest, RespondDispatchRequest, Summons, TakeBackDispatchRequest,
};
use huying_proto::common::v1::Limit;

use super::stage::{Play, running, short};
use super::tale::Task;
use crate::client::{Who, request_id};
use crate::words::Word;

impl Play<'_> {
    pub(super) async fn call(
        &mut self,
        tasks: &[Task],
        respond: Option<Limit>,
        resolve: Option<Limit>,
    ) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let summons = self.summons(tasks);
        let request = CallDepartmentsRequest { request_id, id, version, summons, respond, resolve };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        let called = cases.call_departments(request).await?.into_inner();
        self.case = called.case.unwrap_or_default();
        ensure!(called.dispatches.len() == tasks.len(), "{} dispatches were sent", called.dispatches.len());
        Box::pin(self.says("呼叫 call", &format!("{} 个单位", tasks.len()))).await?;
        Box::pin(self.sent(&called.dispatches)).await
    }

    pub(super) async fn consult(
        &mut self,
        with: &[&str],
        minutes: &str,
        tasks: &[Task],
    ) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let participants = with.iter().map(|unit| (*unit).to_owned()).collect();
        let (minutes, tasks) = (minutes.to_owned(), self.summons(tasks));
        let sent = tasks.len();
        let told = minutes.clone();
        let request = HoldConsultationRequest { request_id, id, version, participants, minutes, tasks };
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        let held = cases.hold_consultation(request).await?.into_inner();
        self.case = held.case.unwrap_or_default();
        ensure!(held.dispatches.len() == sent, "{} dispatches were sent", held.dispatches.len());
        let mut names = Vec::new();
        for unit in with {
            names.push(short(&Box::pin(self.unit(unit)).await?.name).to_owned());
        }
        Box::pin(self.says("会商 consult", &format!("与 {}", names.join("、")))).await?;
        self.screen.more(&told)?;
        Box::pin(self.sent(&held.dispatches)).await
    }

    /// The first leads, where nobody leads yet.
    fn summons(&self, tasks: &[Task]) -> Vec<Summons> {
        let leads =
            |it: &Dispatch| it.lead && !matches!(it.state(), DispatchState::Done | DispatchState::Ended);
        let led = self.dispatches.iter().any(leads);
        let summon = |(place, (unit, task)): (usize, &Task)| Summons {
            unit: (*unit).to_owned(),
            lead: place == 0 && !led,
            task: (*task).to_owned(),
            ..Summons::default()
        };
        tasks.iter().enumerate().map(summon).collect()
    }

    pub(super) async fn sent(&mut self, dispatches: &[Dispatch]) -> anyhow::Result<()> {
        for dispatch in dispatches {
            let lead = if dispatch.lead { "主责 lead" } else { "协同 co" };
            self.screen.more(&format!("→ {}（{lead}）：{}", short(&dispatch.unit_name), dispatch.task))?;
            self.screen.clocks(&running(&dispatch.clocks))?;
        }
        Ok(())
    }

    /// A called unit's, the newest.
    pub(super) fn dispatch(&self, unit: &str) -> anyhow::Result<&Dispatch> {
        let found = self.dispatches.iter().find(|dispatch| dispatch.unit == unit);
        found.with_context(|| format!("{unit} was not called"))
    }

    pub(super) async fn respond(
        &mut self,
        unit: &str,
        response: DispatchResponse,
        note: &str,
    ) -> anyhow::Result<()> {
        let who = Box::pin(self.staff(unit)).await?;
        let (request_id, note) = (request_id(), note.to_owned());
        let Dispatch { id, version, .. } = self.dispatch(unit)?.clone();
        let request =
            RespondDispatchRequest { request_id, id, version, response: response.into(), note: note.clone() };
        let answered = self.client.dispatches(&who)?.respond_dispatch(request).await?.into_inner();
        let what = format!("{} {}", response.chinese(), response.english());
        Box::pin(self.other(unit, &what, &note)).await?;
        let stopped = answered.clocks.iter().rfind(|clock| clock.stop_time.is_some());
        self.screen.clocks(stopped.map_or(&[], std::slice::from_ref))
    }

    pub(super) async fn take_back(&mut self, unit: &str, reason: &str) -> anyhow::Result<()> {
        let Dispatch { id, version, called_by, .. } = self.dispatch(unit)?.clone();
        let who = Box::pin(self.staff(&called_by)).await?;
        let request =
            TakeBackDispatchRequest { request_id: request_id(), id, version, reason: reason.to_owned() };
        let ended = self.client.dispatches(&who)?.take_back_dispatch(request).await?.into_inner();
        ensure!(ended.state() == DispatchState::Ended, "it is {}", ended.state().english());
        Box::pin(self.other(
            &called_by,
            "撤呼 take back",
            &format!("→ {}：{reason}", short(&ended.unit_name)),
        ))
        .await
    }

    pub(super) async fn insist(&mut self, unit: &str, reason: &str) -> anyhow::Result<()> {
        let (arbiter, settled) = Box::pin(self.settle(unit, true, reason, false)).await?;
        ensure!(settled.binding && settled.state() == DispatchState::Sent, "it does not stand");
        let told = format!("→ {} 须报到，有约束力 binding：{reason}", short(&settled.unit_name));
        Box::pin(self.other(&arbiter, "坚持 insist", &told)).await?;
        self.screen.clocks(&running(&settled.clocks))
    }

    pub(super) async fn release(&mut self, unit: &str, reason: &str, apt: bool) -> anyhow::Result<()> {
        let (arbiter, settled) = Box::pin(self.settle(unit, false, reason, apt)).await?;
        ensure!(settled.state() == DispatchState::Ended, "it is {}", settled.state().english());
        let call = if apt { "呼叫得当 the call was apt" } else { "呼叫不当 not apt" };
        let told = format!("→ {}：{reason}", short(&settled.unit_name));
        Box::pin(self.other(&arbiter, "终止 end", &told)).await?;
        self.screen.more(&format!("{call} · 未报到 {} 次，计入部门考核", settled.silences))
    }

    async fn settle(
        &mut self,
        unit: &str,
        insist: bool,
        reason: &str,
        apt: bool,
    ) -> anyhow::Result<(String, Dispatch)> {
        let Dispatch { id, version, arbiter, .. } = self.dispatch(unit)?.clone();
        let who = Box::pin(self.staff(&arbiter)).await?;
        let (request_id, reason) = (request_id(), reason.to_owned());
        let request = ArbitrateDispatchRequest { request_id, id, version, insist, reason, apt };
        let settled = self.client.dispatches(&who)?.arbitrate_dispatch(request).await?.into_inner();
        Ok((arbiter, settled))
    }

    pub(super) async fn ask_group(&mut self, group: &str, task: &str, reason: &str) -> anyhow::Result<()> {
        let (request_id, id, version) = self.named();
        let (group, task, reason) = (group.to_owned(), task.to_owned(), reason.to_owned());
        let who: Who = Box::pin(self.holder()).await?;
        let name = Box::pin(self.unit(&group)).await?.name;
        let told = format!("→ {name}：{reason}");
        let request = AskResponseGroupRequest { request_id, id, version, group, task, reason };
        self.case = self.client.cases(&who)?.ask_response_group(request).await?.into_inner();
        ensure!(self.case.approvals.len() == 1, "nothing is pending");
        self.says("申请启动 ask", &told).await
    }
}
