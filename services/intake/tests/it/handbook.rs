//! 服务一本通: guides are published, found by everyday words, and each version stays.

use huying_chassis::{auth::Role, page};
use huying_proto::{
    common::v1 as common,
    intake::v1::{self as pb, handbook_service_client::HandbookServiceClient},
};
use huying_testing::{Wire, reason, wire};
use prost::Message as _;
use tonic::Code;
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

struct Handbook {
    town: Town,
    desk: HandbookServiceClient<Wire>,
    anyone: HandbookServiceClient<Wire>,
}

impl Handbook {
    async fn open() -> Self {
        let town = Town::open().await;
        let desk = town.bench.bearer(Role::Desk, None, Some(DISTRICT));
        let desk = HandbookServiceClient::new(wire(town.address, desk));
        let anyone = town.bench.bearer(Role::Platform, None, Some("990102"));
        let anyone = HandbookServiceClient::new(wire(town.address, anyone));
        Self { town, desk, anyone }
    }

    async fn publish(&mut self, guide: pb::Guide) -> pb::Guide {
        self.desk.publish_guide(publish(guide)).await.unwrap().into_inner()
    }

    async fn found(&mut self, words: &str) -> Vec<String> {
        let request =
            pb::SearchGuidesRequest { district: DISTRICT.into(), words: words.into(), ..Default::default() };
        let found = self.anyone.search_guides(request).await.unwrap().into_inner().found;
        found.into_iter().map(|found| found.guide.unwrap().code).collect()
    }
}

fn key() -> String {
    Uuid::now_v7().to_string()
}

fn publish(guide: pb::Guide) -> pb::PublishGuideRequest {
    pb::PublishGuideRequest { request_id: key(), guide: Some(guide), version: 0 }
}

fn guide(code: &str, title: &str, text: &str) -> pb::Guide {
    pb::Guide {
        district: DISTRICT.into(),
        code: code.into(),
        kind: pb::GuideKind::Service.into(),
        title: title.into(),
        text: text.into(),
        unit: "DEP-1".into(),
        ..Default::default()
    }
}

fn named(code: &str, version: i64) -> pb::GetGuideRequest {
    pb::GetGuideRequest { district: DISTRICT.into(), code: code.into(), version }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_in_everyday_words_finds_its_guide() {
    let mut book = Handbook::open().await;
    for (code, title, text) in [
        ("elderly", "高龄津贴申领", "年满八十周岁的老人每月发放，凭身份证到社区办理。"),
        ("residence", "居住证办理", "在本区居住半年以上，带租房合同和身份证到派出所。"),
        ("gas", "燃气开户", "带房产证明和身份证，五个工作日内上门。老人可预约上门。"),
    ] {
        book.publish(guide(code, title, text)).await;
    }
    assert_eq!(book.found("请问高龄老人的津贴怎么办").await[0], "elderly", "a word of the title counts more");
    assert_eq!(
        book.found("想辦居住證要什么材料").await,
        ["residence"],
        "whatever characters it is written in"
    );
    assert_eq!(book.found("燃 气 开 户").await, ["gas"]);
    assert_eq!(book.found("身份证").await.len(), 3, "what stands in the text is found too");
    assert_eq!(book.found("请问怎么办").await, [""; 0], "words of every question tell nothing");
    assert_eq!(book.found("' | !a & <-> \\ (").await, [""; 0], "no part of a question is a query");

    let other = pb::Guide {
        also: vec!["办煤气".into()], ..guide("gas", "燃气开户", "五个工作日内上门。")
    };
    book.publish(other).await;
    assert_eq!(book.found("煤气").await, ["gas"], "by the other words that people ask with");
    let withdraw = pb::WithdrawGuideRequest {
        request_id: key(),
        district: DISTRICT.into(),
        code: "gas".into(),
        reason: "由燃气公司答复".into(),
    };
    book.desk.withdraw_guide(withdraw).await.unwrap();
    assert_eq!(book.found("煤气").await, [""; 0], "nothing finds what was withdrawn");
    let kept = book.anyone.get_guide(named("gas", 0)).await.unwrap().into_inner();
    assert_eq!((kept.state(), kept.version), (pb::GuideState::Withdrawn, 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_version_stays() {
    let mut book = Handbook::open().await;
    let limit = common::Limit { amount: 5, kind: common::LimitKind::WorkDay.into() };
    let first = pb::Guide {
        limit: Some(limit),
        grounds: "某办法第三条".into(),
        ..guide("gas", "燃气开户", "五天。")
    };
    let published = book.publish(first.clone()).await;
    assert_eq!(
        (published.version, published.limit, published.grounds.as_str()),
        (1, Some(limit), "某办法第三条")
    );
    assert_eq!(book.publish(first).await.version, 1, "with no difference nothing changes");
    assert_eq!(book.publish(guide("gas", "燃气开户", "三天。")).await.version, 2);
    let before = book.anyone.get_guide(named("gas", 1)).await.unwrap().into_inner();
    assert_eq!((before.version, before.text.as_str()), (1, "五天。"));
    let now = book.anyone.get_guide(named("gas", 0)).await.unwrap().into_inner();
    assert_eq!((now.version, now.text.as_str(), now.id), (2, "三天。", published.id));
    for version in [3, 99] {
        assert_eq!(reason(&book.anyone.get_guide(named("gas", version)).await.unwrap_err()), "NOT_FOUND");
    }
    let stale = pb::PublishGuideRequest { version: 1, ..publish(guide("gas", "燃气开户", "两天。")) };
    assert_eq!(reason(&book.desk.publish_guide(stale.clone()).await.unwrap_err()), "STALE_VERSION");
    let right = pb::PublishGuideRequest { request_id: key(), version: 2, ..stale };
    let done = book.desk.publish_guide(right.clone()).await.unwrap().into_inner();
    assert_eq!(
        book.desk.publish_guide(right).await.unwrap().into_inner(),
        done,
        "the same again is answered the same"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_publishes_its_duty_its_officers_and_where_to_complain() {
    let mut book = Handbook::open().await;
    let officer = pb::PublishedOfficer {
        name: "某某".into(),
        duty: "低保和救助".into(),
        contact: "027-82345678".into(),
    };
    let unit = pb::Guide {
        kind: pb::GuideKind::Unit.into(),
        officers: vec![officer],
        complaint_line: "12345".into(),
        ..guide("unit.C-1", "长建社区", "社区服务和网格管理。")
    };
    book.publish(unit.clone()).await;
    book.publish(guide("gas", "燃气开户", "三天。")).await;
    assert_eq!(book.found("低保找谁").await, ["unit.C-1"]);
    let of = |kind: pb::GuideKind, unit: &str| pb::ListGuidesRequest {
        district: DISTRICT.into(),
        kind: kind.into(),
        unit: unit.into(),
        ..Default::default()
    };
    let units = book.anyone.list_guides(of(pb::GuideKind::Unit, "DEP-1")).await.unwrap().into_inner().guides;
    assert_eq!(units.iter().map(|unit| unit.complaint_line.as_str()).collect::<Vec<_>>(), ["12345"]);
    let page = pb::ListGuidesRequest { page_size: 1, ..of(pb::GuideKind::Unspecified, "") };
    let first = book.anyone.list_guides(page.clone()).await.unwrap().into_inner();
    let rest = pb::ListGuidesRequest { page_token: first.next_page_token, ..page };
    let rest = book.anyone.list_guides(rest).await.unwrap().into_inner();
    let codes: Vec<_> = first.guides.iter().chain(&rest.guides).map(|guide| guide.code.as_str()).collect();
    assert_eq!(codes, ["gas", "unit.C-1"]);

    let officers_of_a_service = pb::Guide { kind: pb::GuideKind::Service.into(), ..unit };
    let refused = book.desk.publish_guide(publish(officers_of_a_service)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "BAD_FIELD"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_answer_for_the_district_publishes_nothing() {
    let mut book = Handbook::open().await;
    let abroad = pb::Guide { district: "990102".into(), ..guide("gas", "燃气开户", "三天。") };
    assert_eq!(reason(&book.desk.publish_guide(publish(abroad)).await.unwrap_err()), "OUTSIDE_AREA");
    let officer = book.town.bench.bearer(Role::Officer, Some("G-1"), Some("990101001001001"));
    let mut officer = HandbookServiceClient::new(wire(book.town.address, officer));
    let refused = officer.publish_guide(publish(guide("gas", "燃气开户", "三天。"))).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    assert_eq!(book.anyone.get_guide(named("gas", 0)).await.unwrap_err().code(), Code::NotFound);
}

fn asked(guide: &str, version: i64) -> pb::SubmitRequestRequest {
    let order = pb::Order { r#type: pb::RequestType::Consultation.into(), ..Default::default() };
    pb::SubmitRequestRequest {
        content: "高龄津贴怎么领".into(),
        order: Some(order),
        guide: guide.into(),
        guide_version: version,
        ..call()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consultation_is_answered_from_the_handbook_and_the_answer_is_kept() {
    let mut book = Handbook::open().await;
    let first = book.publish(guide("elderly", "高龄津贴申领", "年满八十周岁可领。")).await;
    let second = book.publish(guide("elderly", "高龄津贴申领", "年满七十周岁可领。")).await;
    let mut officer = book.town.officer();
    let mut ask =
        async |asked| officer.submit_request(asked).await.map(|it| it.into_inner().request.unwrap());
    for (version, guide) in [(0, &second), (first.version, &first)] {
        let request = ask(asked("elderly", version)).await.unwrap();
        assert_eq!((request.state(), &request.answer), (pb::RequestState::Answered, &guide.text));
        assert_eq!((request.guide.as_str(), request.guide_version), ("elderly", guide.version));
        assert!(request.first_contact.unwrap().discharge_time.is_some());
    }
    // What was said is kept beside where it was found.
    let said = pb::SubmitRequestRequest { answer: "到社区办".into(), ..asked("elderly", 0) };
    let again = said.clone();
    let request = ask(said).await.unwrap();
    assert_eq!((request.answer.as_str(), request.guide_version), ("到社区办", second.version));

    let untaken = |request: &pb::Request| {
        let flags = [i32::from(pb::Flag::AnswerNotTaken)];
        request.state() == pb::RequestState::Submitted && request.flags == flags && request.guide.is_empty()
    };
    for given in [
        asked("nothing", 0),
        asked("elderly", 99),
        pb::SubmitRequestRequest { order: None, ..asked("elderly", 0) },
    ] {
        assert!(untaken(&ask(given).await.unwrap()), "it is worked on, and flagged");
    }
    let withdraw = pb::WithdrawGuideRequest {
        request_id: key(),
        district: DISTRICT.into(),
        code: "elderly".into(),
        reason: "已停办".into(),
    };
    book.desk.withdraw_guide(withdraw).await.unwrap();
    assert!(untaken(&ask(asked("elderly", 0)).await.unwrap()));
    assert_eq!(ask(again).await.unwrap().answer, "到社区办", "the same command gets its first answer");
}

/// However long the guides are, what is found can be read: of the most telling as many as fit.
#[tokio::test]
async fn what_is_found_is_bounded_in_bytes() {
    const GUIDES: usize = 24;
    let mut book = Handbook::open().await;
    let told = "凭身份证到社区办理。";
    let (long, most) = (told.repeat(400), told.repeat(799));
    for n in 0..GUIDES {
        let it = guide(&format!("g-{n}"), "老人津贴", &format!("老人津贴{most}"));
        book.publish(pb::Guide { grounds: long.clone(), conditions: long.clone(), ..it }).await;
    }
    let search = pb::SearchGuidesRequest {
        district: DISTRICT.into(),
        words: "老人津贴".into(),
        size: 50,
        ..Default::default()
    };
    let answer = book.anyone.search_guides(search).await.unwrap().into_inner();
    assert!(answer.encoded_len() <= page::BYTES + 1024, "{} bytes", answer.encoded_len());
    assert!((10..GUIDES).contains(&answer.found.len()), "{} found", answer.found.len());
}
