//! `huying topic`: common issues as things of their own, what is done about each, and whether its stream dried up.

mod show;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use huying_proto::evaluation::v1::{
    AttachCasesRequest, ChangeTopicRequest, GetTopicRequest, ListTopicsRequest, OpenTopicRequest,
    ReportMeasureRequest, TestTopicRequest, Topic, TopicMeasure, TopicState, WithdrawTopicRequest,
};

use super::Session;
use super::case::find;
use super::names::Names;
use super::page::{Most, head};
use crate::client::{Client, Who, request_id};
use crate::failure::wrong;
use crate::words::{self, Word};

/// Cases that are attached at once.
const AT_ONCE: usize = 200;

/// Topics: many cases of one cause, one answer to all, and whether it helped (共性问题、一案一策)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying topic open '山区配不到胰岛素' --category HS:m:05001 --cause '村里没有药房' --policy '巡回医疗点送到村' --owner DEP-weijian --measure '设十八个巡回点@2026-11-20'
  huying topic attach 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d HS-20261102-000001 HS-20261103-000004
  huying topic measure 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d 1 --note '十八个点都已开诊'
  huying topic test 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --days 30
  huying topic show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
pub enum Command {
    /// Open a topic
    #[command(after_help = "\
examples:
  huying topic open '飞线充电' --category 47678.5:e --cause '楼下没有充电桩' --policy '每个小区建桩' --owner DEP-chengguan
  huying topic open '占道经营' --area 420102003 --category 0304 --cause '早市不够' --policy '辟出早市' --owner S-420102003 --measure '划出早市@2026-11-30' --measure '引导入市@2026-12-15@DEP-chengguan'")]
    Open(Box<Open>),
    /// Say its cause, policy, owner or measures anew; what is not given stays
    #[command(after_help = "\
examples:
  huying topic change 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --cause '药房不进这种药'
  huying topic change 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --measure '雨雪天派越野车@2026-12-01@DEP-jiaotong' --drop 2")]
    Change(Box<Change>),
    /// Attach cases, by their numbers
    #[command(after_help = "\
examples:
  huying topic attach 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d JA-20261122-000001 JA-20261122-000007")]
    Attach {
        /// The topic's id
        id: String,
        /// Cases, by number or id
        #[arg(required = true, value_name = "NUMBER")]
        cases: Vec<String>,
    },
    /// A measure is done, says the unit that was to do it
    #[command(after_help = "\
examples:
  huying topic measure 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d 1 --note '十八个点都已开诊'
  huying topic measure 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d 2 --note '三条线路已通车' --unit DEP-weijian")]
    Measure {
        /// The topic's id
        id: String,
        /// The measure's number
        measure: i32,
        /// How
        #[arg(long, value_name = "TEXT")]
        note: String,
        /// Who says so: the measure's unit if not given
        #[arg(long, value_name = "CODE")]
        unit: Option<String>,
    },
    /// Watch its stream for some days: then it is judged whether it dried up
    #[command(after_help = "\
examples:
  huying topic test 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d
  huying topic test 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --days 14")]
    Test {
        /// The topic's id
        id: String,
        /// How many, from the day after the last measure was done
        #[arg(long, default_value_t = 30, value_name = "COUNT")]
        days: i32,
    },
    /// Give it up
    #[command(after_help = "\
examples:
  huying topic withdraw 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d --note '与另一件重复'")]
    Withdraw {
        /// The topic's id
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// The newest first
    #[command(after_help = "\
examples:
  huying topic list
  huying topic list --state testing
  huying topic list --area 420102003 --owner DEP-chengguan -o json")]
    List {
        /// Only this state
        #[arg(long, value_parser = words::parser::<TopicState>())]
        state: Option<TopicState>,
        /// Only this street's
        #[arg(long, value_name = "CODE", default_value = "")]
        area: String,
        /// Only those that this unit owns
        #[arg(long, value_name = "CODE", default_value = "")]
        owner: String,
        #[command(flatten)]
        most: Most,
    },
    /// One topic, its measures, its cases and how it was judged
    #[command(after_help = "\
examples:
  huying topic show 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d")]
    Show {
        /// Its id
        id: String,
    },
}

#[derive(Args, Debug)]
pub struct Open {
    /// What people call it
    title: String,
    /// How the categories of its cases begin
    #[arg(long, value_name = "CODE")]
    category: String,
    /// The district or a street in it; the district if not given
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Why there are such cases (成因)
    #[arg(long, value_name = "TEXT")]
    cause: String,
    /// What answers all of them (对策)
    #[arg(long, value_name = "TEXT")]
    policy: String,
    /// Whose it is (牵头单位)
    #[arg(long, value_name = "CODE")]
    owner: String,
    /// What is to be done, until when and by whom, the owner if not given (repeat)
    #[arg(long, value_name = "TEXT@DAY[@UNIT]", value_parser = measure)]
    measure: Vec<TopicMeasure>,
}

#[derive(Args, Debug)]
pub struct Change {
    /// The topic's id
    id: String,
    /// Why there are such cases (成因)
    #[arg(long, value_name = "TEXT")]
    cause: Option<String>,
    /// What answers all of them (对策)
    #[arg(long, value_name = "TEXT")]
    policy: Option<String>,
    /// Whose it is (牵头单位)
    #[arg(long, value_name = "CODE")]
    owner: Option<String>,
    /// What is to be done besides (repeat)
    #[arg(long, value_name = "TEXT@DAY[@UNIT]", value_parser = measure)]
    measure: Vec<TopicMeasure>,
    /// The number of a measure that is not done and will not be (repeat)
    #[arg(long, value_name = "NUMBER")]
    drop: Vec<i32>,
}

/// `TEXT@DAY` or `TEXT@DAY@UNIT`.
fn measure(text: &str) -> Result<TopicMeasure, String> {
    let mut parts = text.rsplit('@');
    let is_day = |part: &&str| part.parse::<NaiveDate>().is_ok();
    let (last, before) = (parts.next(), parts.next());
    let (due, unit) = match (last.filter(is_day), before.filter(is_day)) {
        (Some(due), _) => (Some(due), ""),
        (None, due) => (due, last.unwrap_or_default()),
    };
    let due =
        due.ok_or_else(|| format!("'{text}' has no day: write TEXT@2026-11-30, or TEXT@2026-11-30@UNIT"))?;
    let said = text.rsplit_once(&format!("@{due}")).map_or("", |(said, _)| said);
    let (text, unit, due_date) = (said.to_owned(), unit.to_owned(), due.to_owned());
    Ok(TopicMeasure { text, unit, due_date, ..Default::default() })
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let who = client.reader()?;
        let mut topics = client.topics(&who)?;
        let topic = match self {
            Self::Open(open) => topics.open_topic(open.request(client.district()?)).await?.into_inner(),
            Self::Show { id } => topics.get_topic(GetTopicRequest { id }).await?.into_inner(),
            Self::Change(change) => change.run(&client, &who).await?,
            Self::Attach { id, cases } => attach(&client, &who, (id, cases)).await?,
            Self::Measure { id, measure, note, unit } => report(&client, (id, measure), note, unit).await?,
            Self::Test { id, days } => {
                let Topic { id, version, .. } = get(&client, &who, id).await?;
                let request = TestTopicRequest { request_id: request_id(), id, version, days };
                topics.test_topic(request).await?.into_inner()
            }
            Self::Withdraw { id, note } => {
                let Topic { id, version, .. } = get(&client, &who, id).await?;
                let request = WithdrawTopicRequest { request_id: request_id(), id, version, note };
                topics.withdraw_topic(request).await?.into_inner()
            }
            Self::List { state, area, owner, most } => {
                let state = state.unwrap_or(TopicState::Unspecified).into();
                let wanted = ListTopicsRequest {
                    district: client.district()?,
                    area,
                    owner,
                    state,
                    ..Default::default()
                };
                return list(session, &client, &list_of(&client, wanted, most).await?).await;
            }
        };
        show::one(session, &client, &topic).await
    }
}

impl Open {
    fn request(self, district: String) -> OpenTopicRequest {
        let Self { title, category, area, cause, policy, owner, measure: measures } = self;
        let request_id = request_id();
        OpenTopicRequest { request_id, district, area, category, title, cause, policy, owner, measures }
    }
}

impl Change {
    async fn run(self, client: &Client, who: &Who) -> anyhow::Result<Topic> {
        let there = get(client, who, self.id).await?;
        let known =
            |number: &i32| there.measures.iter().any(|it| it.number == *number && it.done_time.is_none());
        if let Some(number) = self.drop.iter().find(|number| !known(number)) {
            return Err(wrong(
                format!("there is no measure {number} that is to be done"),
                "see huying topic show",
            ));
        }
        let open = there.measures.iter().filter(|it| it.done_time.is_none());
        let kept = open.filter(|it| !self.drop.contains(&it.number)).cloned();
        let request = ChangeTopicRequest {
            request_id: request_id(),
            measures: kept.chain(self.measure).collect(),
            id: there.id,
            version: there.version,
            cause: self.cause.unwrap_or(there.cause),
            policy: self.policy.unwrap_or(there.policy),
            owner: self.owner.unwrap_or(there.owner),
        };
        Ok(client.topics(who)?.change_topic(request).await?.into_inner())
    }
}

async fn get(client: &Client, who: &Who, id: String) -> anyhow::Result<Topic> {
    Ok(client.topics(who)?.get_topic(GetTopicRequest { id }).await?.into_inner())
}

/// However many they are, so many at a time.
async fn attach(client: &Client, who: &Who, (id, numbers): (String, Vec<String>)) -> anyhow::Result<Topic> {
    let mut cases = Vec::new();
    for number in &numbers {
        cases.push(find(client, who, number).await?.id);
    }
    let mut topic = get(client, who, id).await?;
    let mut topics = client.topics(who)?;
    for some in cases.chunks(AT_ONCE) {
        let (id, version) = (topic.id.clone(), topic.version);
        let request = AttachCasesRequest { request_id: request_id(), id, version, cases: some.to_vec() };
        topic = topics.attach_cases(request).await?.into_inner();
    }
    Ok(topic)
}

async fn report(
    client: &Client,
    (id, measure): (String, i32),
    note: String,
    unit: Option<String>,
) -> anyhow::Result<Topic> {
    let topic = get(client, &client.reader()?, id).await?;
    let Some(found) = topic.measures.iter().find(|it| it.number == measure) else {
        return Err(wrong(format!("the topic has no measure {measure}"), "see huying topic show"));
    };
    let who = client.of_unit(&unit.unwrap_or_else(|| found.unit.clone())).await?;
    let Topic { id, version, .. } = topic;
    let request = ReportMeasureRequest { request_id: request_id(), id, version, measure, note };
    Ok(client.topics(&who)?.report_measure(request).await?.into_inner())
}

/// All topics that are asked for, up to a number.
///
/// # Errors
/// Evaluation's refusal.
pub(super) async fn list_of(
    client: &Client,
    wanted: ListTopicsRequest,
    most: Most,
) -> anyhow::Result<Vec<Topic>> {
    let mut topics = client.topics(&client.reader()?)?;
    most.collect(async |page_size, page_token| {
        let page = ListTopicsRequest { page_size, page_token, ..wanted.clone() };
        let page = topics.list_topics(page).await?.into_inner();
        Ok((page.topics, page.next_page_token))
    })
    .await
}

async fn list(session: &Session, client: &Client, topics: &[Topic]) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    names.learn_units(topics.iter().map(|it| &it.owner)).await?;
    names.learn_areas(topics.iter().map(|it| &it.area)).await?;
    head(session, client, "topics 共性问题")?;
    let heads = ["title", "state", "area", "category", "owner", "measures", "cases", "opened", "id"];
    session.out.list(&heads, topics, |it| {
        let done = it.measures.iter().filter(|it| it.done_time.is_some()).count();
        vec![
            it.title.clone(),
            it.state().chinese().to_owned(),
            names.beside(&it.area),
            it.category.clone(),
            names.beside(&it.owner),
            format!("{done} of {}", it.measures.len()),
            it.case_count.to_string(),
            it.open_date.clone(),
            it.id.clone(),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::measure;

    #[test]
    fn a_measure_is_read() {
        let read = |text: &str| measure(text).map(|it| (it.text, it.due_date, it.unit));
        let told = |text: &str, unit: &str| Ok((text.to_owned(), "2026-11-30".to_owned(), unit.to_owned()));
        assert_eq!(read("设点@2026-11-30"), told("设点", ""));
        assert_eq!(read("设@点@2026-11-30@DEP-weijian"), told("设@点", "DEP-weijian"));
        for wrong in ["设点", "设点@DEP-weijian", "设点@30.11.2026", ""] {
            assert!(measure(wrong).is_err(), "{wrong}");
        }
    }
}
