//! What is out of reach is looked for no longer than what is not there: by as many look-ups. Signs are only listed; a callback of an officer or a
//! platform, about which intake is asked, is in `bounds`.

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::AtomicUsize},
};

use huying_chassis::{
    auth::{Claims, Role},
    log::{Bounds, Committer, Log},
    service::{Parts, Seams, start},
};
use huying_evaluation::{SERVICE, grpc};
use huying_proto::evaluation::v1::{
    self as pb, Satisfaction, StrataBy, delegate_service_client::DelegateServiceClient,
    inquiry_service_client::InquiryServiceClient, rating_service_client::RatingServiceClient,
};
use huying_testing::{Bearer, Wire, counted, looks};
use uuid::Uuid;

use crate::{
    appeals,
    inquiries::{self, OTHER_STREET, STREET, key},
    inspections, links, ratings,
    rounds::{self, beginning, interviews, listing},
    support::{Appeals, Case, Client, DISTRICT, HOLDER, Rounds, Topics, World, attempting, judging, verdict},
    topics,
};

type Looks = Vec<(&'static str, usize)>;

/// What there is one of each, by their ids.
struct Ids {
    callback: String,
    round: String,
    interview: String,
    topic: String,
    inquiry: String,
    case: Uuid,
}

impl Ids {
    fn of_nothing() -> Self {
        Self {
            callback: key(),
            round: key(),
            interview: key(),
            topic: key(),
            inquiry: key(),
            case: Uuid::now_v7(),
        }
    }

    /// All in one street.
    async fn filled(world: &World) -> Self {
        let case = Case::new();
        let callback = world.resolved(&case).await.id;
        let mut staff = world.rounds(Role::Callback, Some("callbacks"), Some(DISTRICT));
        let round = staff.begin_round(beginning(1, StrataBy::Unit)).await.unwrap().into_inner();
        let interview = interviews(&mut staff, listing(&round)).await.remove(0).id;
        let mut desk = world.topics(Role::Desk, None, Some(DISTRICT));
        let opening = pb::OpenTopicRequest { area: STREET.into(), ..topics::opening() };
        let topic = desk.open_topic(opening).await.unwrap().into_inner().id;
        let delegate = world.bench.bearer(Role::Delegate, None, Some(DISTRICT));
        let mut delegate = InquiryServiceClient::new(world.wire(delegate));
        let inquiry = delegate.open_inquiry(inquiries::opening(&[case.id])).await.unwrap().into_inner().id;
        Self { callback, round: round.id, interview, topic, inquiry, case: case.id }
    }
}

/// One more evaluation on the same database, as somebody of another street calls it who may do everything there, and how often it asks the store.
struct Counting {
    world: World,
    address: SocketAddr,
    looks: Arc<AtomicUsize>,
}

impl Counting {
    async fn on(world: World) -> Self {
        let (pool, looks) = counted(world.settings.database_url.expose());
        let (settings, stop) = (world.settings.clone(), world.stop.clone());
        let seams = Seams { clock: Some(world.clock.clone()), ..Seams::default() };
        let running = start(SERVICE, settings, seams, stop, move |base| {
            let (committer, _) = Committer::start(pool.clone(), Bounds::default());
            let app = huying_evaluation::wired(base, Log::new(pool, committer, base.clock.clone()))?;
            let served = grpc::served(app, base.limits.max_message_bytes, base.stop.clone());
            Ok(Parts { served, ..Parts::default() })
        });
        let address = running.await.unwrap().grpc;
        Self { world, address, looks }
    }

    fn wire(&self) -> Wire {
        let roles = [Role::Callback, Role::Leader, Role::Desk, Role::Department, Role::Delegate];
        let claims = Claims::new("somebody", roles).unit("S-420102004").area(OTHER_STREET);
        huying_testing::wire(self.address, Bearer(Some(self.world.bench.token(&claims))))
    }
}

async fn of_callbacks(at: &Counting, id: &str) -> Looks {
    let (mut callbacks, mut units, looked) = (Client::new(at.wire()), Appeals::new(at.wire()), &at.looks);
    let it = pb::Callback { id: id.to_owned(), version: 1, ..Default::default() };
    let said = judging(&it, verdict(true, Satisfaction::Satisfied));
    let get = pb::GetCallbackRequest { id: id.to_owned() };
    vec![
        looks("a callback", looked, callbacks.get_callback(get)).await,
        looks("judging", looked, callbacks.record_verdict(said)).await,
        looks("trying", looked, callbacks.record_attempt(attempting(&it, ""))).await,
        looks("a link", looked, callbacks.issue_verdict_link(links::asking(&it))).await,
        looks("appealing", looked, units.lodge_appeal(appeals::lodging(&it))).await,
        looks("deciding", looked, units.decide_appeal(appeals::deciding(&it, true))).await,
    ]
}

async fn of_rounds(at: &Counting, round: &str, interview: &str) -> Looks {
    let (mut client, looked) = (Rounds::new(at.wire()), &at.looks);
    let (id, district) = (|| round.to_owned(), DISTRICT.to_owned());
    let round = pb::Round { id: id(), version: 1, district, ..Default::default() };
    let interview = pb::Interview { id: interview.to_owned(), version: 1, ..Default::default() };
    let recorded = rounds::recording(&interview, pb::InterviewOutcome::Refused);
    vec![
        looks("a round", looked, client.get_round(pb::GetRoundRequest { id: id() })).await,
        looks("its report", looked, client.get_round_report(pb::GetRoundReportRequest { id: id() })).await,
        looks("its interviews", looked, client.list_interviews(listing(&round))).await,
        looks("handing out", looked, client.hand_out(rounds::handing(&round, &["callbacks"]))).await,
        looks("closing", looked, client.close_round(rounds::closing(&round))).await,
        looks("an interview", looked, client.record_interview(recorded)).await,
    ]
}

async fn of_topics(at: &Counting, id: &str) -> Looks {
    let (mut client, looked) = (Topics::new(at.wire()), &at.looks);
    let it = pb::Topic {
        id: id.to_owned(),
        version: 1,
        cause: "村里没有药房".into(),
        policy: "每周到村".into(),
        owner: topics::OWNER.into(),
        ..Default::default()
    };
    let get = pb::GetTopicRequest { id: id.to_owned() };
    let cases = [Uuid::now_v7()];
    vec![
        looks("a topic", looked, client.get_topic(get)).await,
        looks("changing", looked, client.change_topic(topics::changing(&it, Vec::new()))).await,
        looks("attaching", looked, client.attach_cases(topics::attaching(&it, &cases))).await,
        looks("a measure", looked, client.report_measure(topics::reporting(&it, 1))).await,
        looks("testing", looked, client.test_topic(topics::testing(&it, 30))).await,
        looks("withdrawing", looked, client.withdraw_topic(topics::withdrawing(&it))).await,
    ]
}

async fn of_inquiries(at: &Counting, id: &str) -> Looks {
    let (mut client, looked) = (InquiryServiceClient::new(at.wire()), &at.looks);
    let it = pb::Inquiry { id: id.to_owned(), version: 1, ..Default::default() };
    let get = pb::GetInquiryRequest { id: id.to_owned() };
    vec![
        looks("an inquiry", looked, client.get_inquiry(get)).await,
        looks("claiming", looked, client.claim_inquiry(inquiries::claiming(&it))).await,
        looks("answering", looked, client.answer_inquiry(inquiries::answering(&it, "已加装护栏"))).await,
        looks("judging", looked, client.judge_inquiry(inquiries::saying(&it, true))).await,
        looks("withdrawing", looked, client.withdraw_inquiry(inquiries::withdrawing(&it))).await,
    ]
}

/// What is said of a case: what was heard of cases is counted first, which looks more often where there is something.
async fn of_cases(at: &Counting, id: Uuid) -> Looks {
    let mut units = RatingServiceClient::new(at.wire());
    let mut delegate = DelegateServiceClient::new(at.wire());
    let (case, looked) = (Case { id, ..Case::new() }, &at.looks);
    let rated = ratings::rating(&case, HOLDER, Satisfaction::Satisfied);
    vec![
        looks("rating", looked, units.rate_unit(rated)).await,
        looks("judging a call", looked, units.judge_call(ratings::judging(&case, HOLDER, true))).await,
        looks("inspecting", looked, delegate.record_inspection(inspections::record(id))).await,
    ]
}

async fn of_all(at: &Counting, ids: &Ids) -> [Looks; 5] {
    [
        of_callbacks(at, &ids.callback).await,
        of_rounds(at, &ids.round, &ids.interview).await,
        of_topics(at, &ids.topic).await,
        of_inquiries(at, &ids.inquiry).await,
        of_cases(at, ids.case).await,
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_25_what_has_an_id_is_looked_for_out_of_reach_as_what_is_not_there() {
    let world = World::new().await;
    let there = Ids::filled(&world).await;
    let at = Counting::on(world).await;
    // Whatever was heard is counted by then.
    of_cases(&at, Uuid::now_v7()).await;
    let found = of_all(&at, &there).await;
    assert_eq!(found, of_all(&at, &Ids::of_nothing()).await);
    assert!(found.iter().flatten().all(|(_, looks)| *looks > 0), "{found:?}");
    at.world.stop().await;
}
