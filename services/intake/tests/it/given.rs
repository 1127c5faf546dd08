//! A door never loses a call: what can be read is kept in one form, what cannot is kept as given, or dropped, and flagged.

use huying_chassis::auth::{CITY, Role};
use huying_intake::domain::request::{ADDITIONS, PROGRESS};
use huying_proto::{
    common::v1::{Location, Point},
    intake::v1::{self as pb, Flag},
};
use huying_testing::reason;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

impl Town {
    /// Takes a call by the officer, and gives back what is kept.
    async fn keeps(&self, call: pb::SubmitRequestRequest) -> pb::Request {
        let taken = self.officer().submit_request(call).await.unwrap().into_inner().request.unwrap();
        let get = pb::GetRequestRequest { id: taken.id.clone() };
        let kept = self.officer().get_request(get).await.unwrap().into_inner();
        assert_eq!(kept, taken);
        kept
    }
}

fn calling(phone: &str, second_phone: &str) -> pb::SubmitRequestRequest {
    let (phone, second_phone) = (phone.to_owned(), second_phone.to_owned());
    pb::SubmitRequestRequest {
        reporter: Some(pb::Reporter { phone, second_phone, ..call().reporter.unwrap() }),
        ..call()
    }
}

fn at(location: Location) -> pb::SubmitRequestRequest {
    pb::SubmitRequestRequest { location: Some(location), ..call() }
}

#[tokio::test]
async fn texts_are_kept_in_lines_and_without_what_cannot_be_kept() {
    let town = Town::open().await;
    let given = pb::SubmitRequestRequest {
        content: "路灯不亮\r\n已经\0三天\u{85}１５８号".into(),
        external_id: " 〔2026〕123号\n".into(),
        ..at(Location { address: "胜利街\r\n158号\u{1b}".into(), ..Default::default() })
    };
    let kept = town.keeps(given).await;
    assert_eq!(kept.content, "路灯不亮\n已经三天\n１５８号");
    assert_eq!(kept.location.unwrap().address, "胜利街 158号");
    assert_eq!(kept.external_id, "〔2026〕123号");
    let other = pb::SubmitRequestRequest { external_id: "WH/2026/11/26/1 ".into(), ..call() };
    assert_eq!(town.keeps(other).await.external_id, "WH/2026/11/26/1");

    let id = kept.id;
    let add = pb::AddInformationRequest {
        request_id: Uuid::now_v7().to_string(),
        id: id.clone(),
        content: "二楼\r也不亮".into(),
    };
    let added = town.officer().add_information(add).await.unwrap().into_inner();
    assert_eq!(added.additions[0].content, "二楼\n也不亮");
    let nothing = pb::AddInformationRequest {
        request_id: Uuid::now_v7().to_string(),
        id: id.clone(),
        content: "\u{200b} \r\n".into(),
    };
    assert_eq!(reason(&town.officer().add_information(nothing).await.unwrap_err()), "BAD_FIELD");
    let withdraw = pb::WithdrawRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        id,
        reason: "修好了\u{b}谢谢".into(),
    };
    town.officer().withdraw_request(withdraw).await.unwrap();
    let why: String =
        sqlx::query_scalar("select entry::jsonb #>> '{change,withdrawn,reason}' from log where version = 3")
            .fetch_one(&town.pool().await)
            .await
            .unwrap();
    assert_eq!(why, "修好了\n谢谢");
}

#[tokio::test]
async fn phones_are_kept_in_one_form_and_never_lose_a_call() {
    let town = Town::open().await;
    for (given, second, phone, other, flagged) in [
        ("138 0013 8000", "", "+8613800138000", "", false),
        ("１３８００１３８０００", "", "+8613800138000", "", false),
        ("027-82345678转801", "", "027-82345678 ext 801", "", false),
        ("13800138000/(027)82345678", "", "+8613800138000", "027-82345678", false),
        ("13800138000、(027)82345678", "95588", "+8613800138000", "027-82345678 / 95588", false),
        ("138****1234", "", "138****1234", "", true),
        ("138****1234", "02782345678", "138****1234", "027-82345678", false),
        ("不详", "", "不详", "", true),
        ("", "", "", "", false),
    ] {
        let kept = town.keeps(calling(given, second)).await;
        let flags: Vec<_> = kept.flags().collect();
        let reporter = town.reporter(&kept.id).await;
        assert_eq!((reporter.phone.as_str(), reporter.second_phone.as_str()), (phone, other), "{given}");
        assert_eq!(flags.contains(&Flag::NoCallback), flagged, "{given}");
    }
    // Whoever does not see the reporter is not told how they can be reached.
    let id = town.keeps(calling("138****1234", "")).await.id;
    let get = pb::GetRequestRequest { id };
    let seen = |role, unit| {
        let mut client = town.client(role, unit, Some(DISTRICT));
        let get = get.clone();
        async move { client.get_request(get).await.unwrap().into_inner().flags }
    };
    assert_eq!(seen(Role::Leader, None).await, Vec::<i32>::new());
    assert_eq!(seen(Role::Desk, Some("D-1")).await, [i32::from(Flag::NoCallback)]);
}

/// Whatever a door has under "phone": the call is taken and the phone kept.
#[tokio::test]
async fn no_phone_is_refused_or_lost() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let mut some = TestRunner::deterministic();
    let phones = prop_oneof![any::<String>(), "[0-9０-９+＋()（）/、转x#* -]{0,40}"];
    for _ in 0..64 {
        let given = phones.new_tree(&mut some).unwrap().current();
        let taken = officer.submit_request(calling(&given, "")).await;
        let kept =
            taken.unwrap_or_else(|refused| panic!("{given:?}: {refused}")).into_inner().request.unwrap();
        let nothing = huying_words::is_blank(&huying_words::clean(&given));
        assert_eq!(kept.reporter.unwrap().phone.is_empty(), nothing, "{given:?}");
    }
}

#[tokio::test]
async fn place_and_category_are_no_reason_to_refuse() {
    let town = Town::open().await;
    let point = |latitude, longitude| Some(Point { latitude, longitude, datum: 0 });
    for (area, given, kept_point) in [
        ("990101001001009", None, None),
        ("三里墩社区", None, None),
        ("330203", None, None),
        ("", point(31.5, 116.0), point(31.5, 116.0)),
        ("", point(0.0, 0.0), point(0.0, 0.0)),
    ] {
        let location = Location { address: "一号楼".into(), area: area.into(), point: given };
        let kept = town.keeps(at(location)).await;
        assert!(kept.flags.is_empty(), "{area} {given:?}");
        let location = kept.location.unwrap();
        assert_eq!((location.area.as_str(), location.point), (area, kept_point));
    }
    for (latitude, longitude) in [(f64::NAN, 114.3), (91.0, 114.3), (30.6, 180.1), (30.6, 0.0), (0.0, 114.3)]
    {
        let location =
            Location { address: "一号楼".into(), point: point(latitude, longitude), ..Default::default() };
        let kept = town.keeps(at(location)).await;
        assert_eq!(kept.flags, [i32::from(Flag::PointUnreadable)], "{latitude} {longitude}");
        assert_eq!(kept.location.unwrap().point, None);
    }
    let kept = town.keeps(pb::SubmitRequestRequest { category: "市容环卫/垃圾".into(), ..call() }).await;
    assert_eq!((kept.category.as_str(), kept.flags.len()), ("市容环卫/垃圾", 0));
}

#[tokio::test]
async fn what_the_door_did_not_say_is_flagged() {
    let town = Town::open().await;
    for (source, flagged) in [("市长热线", false), ("别处", true), ("", true)] {
        let given = pb::SubmitRequestRequest {
            channel: pb::Channel::FromAbove.into(),
            source: source.into(),
            ..call()
        };
        let kept = town.keeps(given).await;
        assert_eq!(kept.source, source);
        assert_eq!(kept.flags().collect::<Vec<_>>() == [Flag::UnknownSource], flagged, "{source}");
    }
    let hotline = pb::SubmitRequestRequest { channel: pb::Channel::Hotline.into(), ..call() };
    let mut platform = town.client(Role::Platform, None, Some(CITY));
    let kept = platform.submit_request(hotline).await.unwrap().into_inner().request.unwrap();
    assert_eq!(kept.flags, [i32::from(Flag::NoExternalId)]);
    let nobody = pb::Reporter { kind: 0, ..call().reporter.unwrap() };
    let kept = town.keeps(pb::SubmitRequestRequest { reporter: Some(nobody), ..call() }).await;
    assert_eq!(kept.reporter.unwrap().kind(), pb::ReporterKind::Resident);
}

/// What the reporter was told before the newest lines is kept like those: its pages tell all, each line once.
#[tokio::test]
async fn no_progress_is_lost() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let id = town.keeps(call()).await.id;
    let told: Vec<_> = (1..=PROGRESS + 2).map(|n| format!("第{n}次告知")).collect();
    for text in told.clone() {
        let tell = pb::TellProgressRequest { request_id: Uuid::now_v7().to_string(), id: id.clone(), text };
        officer.tell_progress(tell).await.unwrap();
    }
    let whole = officer.get_request(pb::GetRequestRequest { id: id.clone() }).await.unwrap().into_inner();
    assert_eq!(
        whole.progress.iter().map(|line| &line.text).collect::<Vec<_>>(),
        told[2..].iter().collect::<Vec<_>>()
    );

    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let page = pb::ListProgressRequest { id: id.clone(), page_size: 20, page_token };
        let page = officer.list_progress(page).await.unwrap().into_inner();
        all.extend(page.progress);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(all.iter().map(|line| &line.text).collect::<Vec<_>>(), told.iter().collect::<Vec<_>>());
    assert_eq!(all[2..], whole.progress);
    let stranger = pb::ListProgressRequest { id, ..Default::default() };
    let mut elsewhere = town.client(Role::Officer, Some("G-9"), Some("990101001001002"));
    assert_eq!(reason(&elsewhere.list_progress(stranger).await.unwrap_err()), "NOT_FOUND");
}

/// The 51st addition is kept like any other; the request shows the newest, its pages all, and the desk is told.
#[tokio::test]
async fn no_addition_is_lost() {
    let town = Town::open().await;
    let mut officer = town.officer();
    town.keeps(calling("138****1234", "")).await;
    let id = town.keeps(call()).await.id;
    let mut kept = pb::Request::default();
    for n in 1..=ADDITIONS + 2 {
        let add = pb::AddInformationRequest {
            request_id: Uuid::now_v7().to_string(),
            id: id.clone(),
            content: format!("还有{n}"),
        };
        kept = officer.add_information(add).await.unwrap().into_inner();
    }
    assert_eq!((kept.additions.len(), kept.addition_count), (ADDITIONS, 52));
    assert_eq!(
        (kept.additions[0].content.as_str(), kept.additions[49].content.as_str()),
        ("还有3", "还有52")
    );

    let (mut all, mut page_token) = (Vec::new(), String::new());
    loop {
        let page = pb::ListAdditionsRequest { id: id.clone(), page_size: 20, page_token };
        let page = officer.list_additions(page).await.unwrap().into_inner();
        all.extend(page.additions.into_iter().map(|it| it.content));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(all, (1..=52).map(|n| format!("还有{n}")).collect::<Vec<_>>());
    let stranger = pb::ListAdditionsRequest { id: id.clone(), ..Default::default() };
    let mut elsewhere = town.client(Role::Officer, Some("G-9"), Some("990101001001002"));
    assert_eq!(reason(&elsewhere.list_additions(stranger).await.unwrap_err()), "NOT_FOUND");

    let mut desk = town.client(Role::Desk, Some("D-1"), Some(DISTRICT));
    let list = |flag: Flag| pb::ListRequestsRequest {
        district: DISTRICT.into(),
        flag: flag.into(),
        ..Default::default()
    };
    let many = desk.list_requests(list(Flag::ManyAdditions)).await.unwrap().into_inner().requests;
    assert_eq!(many.iter().map(|it| &it.id).collect::<Vec<_>>(), [&id]);
    assert!(many[0].additions.is_empty(), "a list carries none");
    let silent = desk.list_requests(list(Flag::NoCallback)).await.unwrap().into_inner().requests;
    assert_eq!(silent.len(), 1);
    assert_eq!(desk.list_requests(list(Flag::Unspecified)).await.unwrap().into_inner().requests.len(), 2);
}
