//! 从一件事到一类事: others call for the same, a topic is opened on all of them, its measures are done, and the clock judges whether the
//! stream dried up.

use anyhow::{Context as _, ensure};
use huying_proto::casework::v1::{AcceptCaseRequest, CaseState, GetCaseRequest, ResolveCaseRequest};
use huying_proto::evaluation::v1::{
    AttachCasesRequest, GetTopicRequest, OpenTopicRequest, ReportMeasureRequest, TestTopicRequest, Topic,
    TopicMeasure, TopicState, TopicVerdict,
};
use huying_proto::intake::v1::Channel;

use super::stage::{Play, eventually};
use super::tale::{Task, Why};
use crate::client::{Who, request_id};
use crate::words::Word;

impl Play<'_> {
    pub(super) async fn alike(&mut self, calls: &[(&str, &str, &str)]) -> anyhow::Result<()> {
        let holder = Box::pin(self.staff(self.tale.holder)).await?;
        // Those that are there already came before the step was taken again.
        for (area, address, content) in calls.iter().skip(self.alike.len()) {
            let place = (Channel::Hotline, *area, *address);
            let case = Box::pin(self.neighbour(place, (*content).to_owned())).await?.case;
            ensure!(case.holder == self.tale.holder, "{} holds {}", case.holder, case.number);
            self.alike.push(case.clone());
            let told = format!("{} · {address}", case.number);
            self.screen.step(
                &format!("[热线] {} platform", self.tale.place.hotline),
                "接单 submit",
                &told,
            )?;
            self.screen.more(&format!("“{content}”"))?;
            let accept = AcceptCaseRequest { request_id: request_id(), id: case.id, version: case.version };
            self.client.cases(&holder)?.accept_case(accept).await?;
            self.other(self.tale.holder, "签收 accept", &case.number).await?;
            self.pass();
        }
        Ok(())
    }

    pub(super) async fn open_topic(
        &mut self,
        title: &str,
        (cause, policy): Why,
        owner: &str,
        measures: &[(Task, u64)],
    ) -> anyhow::Result<()> {
        let measure = |((unit, text), days): &(Task, u64)| TopicMeasure {
            text: (*text).to_owned(),
            unit: (*unit).to_owned(),
            due_date: self.day(*days),
            ..TopicMeasure::default()
        };
        let request = OpenTopicRequest {
            request_id: request_id(),
            district: self.district.clone(),
            area: String::new(),
            category: self.tale.category.to_owned(),
            title: title.to_owned(),
            cause: cause.to_owned(),
            policy: policy.to_owned(),
            owner: owner.to_owned(),
            measures: measures.iter().map(measure).collect(),
        };
        let desk = self.desk();
        self.topic = self.client.topics(&desk)?.open_topic(request).await?.into_inner();
        let owner = Box::pin(self.name(owner)).await?;
        self.screen.step("[区] 区工作台 desk", "共性问题 topic", &format!("{title}，{owner}牵头"))?;
        self.screen.more(&format!("成因：{cause}"))?;
        self.screen.more(&format!("对策：{policy}"))?;
        for it in self.topic.measures.clone() {
            let name = Box::pin(self.name(&it.unit)).await?;
            self.screen.more(&format!("措施{}：{} · {name} · {} 前", it.number, it.text, it.due_date))?;
        }
        Box::pin(self.attach()).await
    }

    /// The case and those alike, as soon as evaluation has heard of them all.
    async fn attach(&mut self) -> anyhow::Result<()> {
        let cases: Vec<String> =
            [&self.case].into_iter().chain(&self.alike).map(|case| case.id.clone()).collect();
        let (client, desk, topic) = (self.client, self.desk(), self.topic.clone());
        self.topic = eventually("evaluation knows the cases", || async {
            let Topic { id, version, .. } = topic.clone();
            let request = AttachCasesRequest { request_id: request_id(), id, version, cases: cases.clone() };
            match client.topics(&desk)?.attach_cases(request).await {
                Ok(attached) => Ok(Ok(attached.into_inner())),
                Err(status) if status.code() == tonic::Code::InvalidArgument => {
                    Ok(Err(status.message().to_owned()))
                }
                Err(status) => Err(status.into()),
            }
        })
        .await?;
        let (there, wanted) = (self.topic.case_count, self.alike.len() + 1);
        ensure!(usize::try_from(there)? == wanted, "{there} cases are attached, not {wanted}");
        self.screen.step("[区] 区工作台 desk", "关联工单 attach", &format!("{there} 件 cases"))
    }

    pub(super) async fn done(&mut self, measure: i32, note: &str) -> anyhow::Result<()> {
        let found = self.topic.measures.iter().find(|it| it.number == measure);
        let unit = found.context("the topic has no such measure")?.unit.clone();
        let who = Box::pin(self.staff(&unit)).await?;
        let Topic { id, version, .. } = self.topic.clone();
        let (request_id, note) = (request_id(), note.to_owned());
        let request = ReportMeasureRequest { request_id, id, version, measure, note: note.clone() };
        self.topic = self.client.topics(&who)?.report_measure(request).await?.into_inner();
        self.other(&unit, "措施完成 measure", &note).await
    }

    /// What answers all of them answers each.
    pub(super) async fn resolve_alike(&mut self, answer: &str) -> anyhow::Result<()> {
        let holder = Box::pin(self.staff(self.tale.holder)).await?;
        let mut cases = self.client.cases(&holder)?;
        for case in &mut self.alike {
            let mut now = cases.get_case(GetCaseRequest { id: case.id.clone() }).await?.into_inner();
            if now.state() == CaseState::Assigned {
                let (id, version) = (now.id, now.version);
                let accept = AcceptCaseRequest { request_id: request_id(), id, version };
                now = cases.accept_case(accept).await?.into_inner();
            }
            // Whatever was done before the step was taken again.
            if now.state() == CaseState::Resolved {
                continue;
            }
            let (id, version) = (now.id, now.version);
            let (request_id, answer) = (request_id(), answer.to_owned());
            let resolve = ResolveCaseRequest { request_id, id, version, answer, handling: None };
            *case = cases.resolve_case(resolve).await?.into_inner();
            ensure!(case.state() == CaseState::Resolved, "{} is {}", case.number, case.state().english());
        }
        let told = format!("{} 件 cases：{answer}", self.alike.len());
        self.other(self.tale.holder, "办结 resolve", &told).await
    }

    pub(super) async fn test(&mut self, days: i32) -> anyhow::Result<()> {
        let Topic { id, version, .. } = self.topic.clone();
        let request = TestTopicRequest { request_id: request_id(), id, version, days };
        let desk = self.desk();
        self.topic = self.client.topics(&desk)?.test_topic(request).await?.into_inner();
        let test = self.topic.test.clone().context("no test runs")?;
        let told = format!(
            "自 {} 起 {} 天，{} 评判",
            test.from_date,
            test.days,
            self.client.when(test.judge_time.as_ref())
        );
        self.screen.step("[区] 区工作台 desk", "观察 test", &told)
    }

    pub(super) async fn judged(
        &mut self,
        verdict: TopicVerdict,
        (before, after): (i64, i64),
    ) -> anyhow::Result<()> {
        let (client, reader, id) = (self.client, self.reader.clone(), self.topic.id.clone());
        self.topic = eventually("the topic is judged", || async {
            let topic =
                client.topics(&reader)?.get_topic(GetTopicRequest { id: id.clone() }).await?.into_inner();
            let state = topic.state();
            Ok(if state == TopicState::Testing { Err(state.both()) } else { Ok(topic) })
        })
        .await?;
        let judged = self.topic.judgements.last().context("it was not judged")?.clone();
        let is = (judged.verdict(), judged.before, judged.after);
        ensure!(is == (verdict, before, after), "it was judged {is:?}");
        let told = format!("{}：{before} 件 → {after} 件，各 {} 天", verdict.chinese(), judged.days);
        self.screen.by_itself("到点自动 by the clock", "评判 judge", &told)
    }

    fn desk(&self) -> Who {
        Who::Desk { area: self.district.clone() }
    }
}
