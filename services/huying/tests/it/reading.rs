//! What Jiang'an's own rules make of texts: each line is a kind of text that was once read wrongly somewhere.

use std::path::Path;

use chrono::{DateTime, Utc};
use huying::profile::Profile;
use huying_proto::routing::v1::ApplyProfileRequest;
use huying_routing::{
    domain::{
        decide::decide,
        decision::{Decision, Demand, Routing, Submission},
        index::Index,
        learned::Memory,
    },
    grpc::profile::apply,
};
use huying_terms::Location;

/// `code or -<tab>text`, where `-` is left to a person.
const TEXTS: &str = include_str!("reading.txt");

fn index() -> Index {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let profile = Some(Profile::load(&folder).unwrap().routing);
    let request_id = uuid::Uuid::now_v7().to_string();
    Index::new(apply(ApplyProfileRequest { request_id, profile, dry_run: true }).unwrap().directory).unwrap()
}

fn read(index: &Index, content: &str) -> Option<Decision> {
    let now: DateTime<Utc> = "2026-11-20T02:00:00Z".parse().unwrap();
    let submission = Submission {
        number: "JA-20261120-000001".into(),
        district: "420102".into(),
        submitted_at: now,
        content: content.replace("\\n", "\n"),
        location: Location { area: "420102003002".into(), ..Location::default() },
        demand: Demand::default(),
        given_category: String::new(),
        title: String::new(),
    };
    match decide(index, Memory::default(), &submission, now) {
        Routing::Decided(decision) => Some(*decision),
        Routing::Queued { .. } => None,
    }
}

#[test]
fn words_count_where_they_are_meant() {
    let index = index();
    let wrong: Vec<String> = TEXTS
        .lines()
        .filter_map(|line| {
            let (wanted, text) = line.split_once('\t').unwrap();
            let found = read(&index, text).map_or("-".into(), |it| it.category);
            (found != wanted).then(|| format!("{text}: {found}, not {wanted}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn danger_takes_an_hour_at_most() {
    let index = index();
    for text in [
        "闻到天然气味道很浓",
        "电梯困人",
        "燃气泄漏，有人受伤",
        "路面塌陷，车掉进去了",
        "井盖没了，老人踩空掉进去",
    ] {
        let it = read(&index, text).unwrap_or_else(|| panic!("{text} is undecided"));
        assert_eq!(
            (it.priority.as_str(), it.resolve.to_string().as_str()),
            ("urgent", "1 urgent hour"),
            "{text}"
        );
    }
    for text in ["没有燃气泄漏，只是咨询燃气开户", "咨询电梯加装"] {
        let it = read(&index, text).unwrap_or_else(|| panic!("{text} is undecided"));
        assert_ne!(it.priority.as_str(), "urgent", "{text}");
    }
}

/// 重点人群: whom words tell of, and what only sounds like it.
#[test]
fn people_who_come_first_are_read_from_words() {
    let index = index();
    let told = |text: &str| !index.people_in(&index.read(text)).is_empty();
    for text in [
        "独居老人家里水管漏水",
        "我母亲是孤寡老人，楼道灯不亮",
        "家里老人独自住，门前路灯不亮好几天了",
        "八十岁的老太一个人住，门口垃圾没人清",
        "我是肢体残疾，小区没有坡道",
        "邻居是盲人，路面坑洼摔过两次",
        "隔壁留守儿童放学没人管",
        "孩子跟奶奶过，父母都在外地，孩子的父母外出打工",
        "低保户家屋顶漏雨",
        "父亲瘫痪在床，电梯停了下不了楼",
        "楼上住着空巢老人，几天没见人了",
        "独自居住的奶奶家断电了",
    ] {
        assert!(told(text), "{text}");
    }
    for text in [
        "残疾人通道被车堵了",
        "残疾人专用停车位被占",
        "咨询残疾人证怎么办",
        "小区老人活动室关门",
        "盲人按摩店噪音大",
        "一个人把垃圾倒在路边",
        "不是独居老人，咨询养老金",
        "孩子上学路口没有红绿灯",
    ] {
        assert!(!told(text), "{text}");
    }
}
