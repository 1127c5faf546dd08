//! What the trade sends with a request is taken, kept and given back; who calls only to whom they may be shown.

use huying_chassis::auth::{Claims, Role};
use huying_intake::domain::channel::Channel;
use huying_proto::intake::v1::{self as pb, Flag, RequestType, request_service_client::RequestServiceClient};
use huying_testing::{Bearer, reason, wire};
use uuid::Uuid;

use super::support::{DISTRICT, Town, call, profile};

fn order() -> pb::Order {
    let at = |seconds| Some(pbjson_types::Timestamp { seconds, nanos: 0 });
    pb::Order {
        r#type: RequestType::Complaint.into(),
        title: "路灯不亮".into(),
        urgent: true,
        platform_due_time: at(1_795_000_000),
        complained_of: "某物业公司".into(),
        related_number: "〔2026〕99号".into(),
        repeated: true,
        call_time: at(1_794_000_000),
        taker: "话务员 17".into(),
        anonymous: false,
        confidential: false,
        answer_wanted: Some(true),
        callback_wanted: Some(false),
        attachments: vec![pb::AttachmentReference {
            name: "现场.jpg".into(),
            uri: "https://12345.example/files/1".into(),
            media_type: "image/jpeg".into(),
            size: 123_456,
        }],
        extensions: [("工单级别".to_owned(), "二级".to_owned())].into(),
    }
}

fn with(order: pb::Order) -> pb::SubmitRequestRequest {
    let reporter = pb::Reporter {
        on_behalf_of: "楼上独居老人".into(),
        address: "胜利街158号".into(),
        ..call().reporter.unwrap()
    };
    pb::SubmitRequestRequest { order: Some(order), reporter: Some(reporter), ..call() }
}

async fn taken(town: &Town, given: pb::SubmitRequestRequest) -> pb::Request {
    town.officer().submit_request(given).await.unwrap().into_inner().request.unwrap()
}

async fn seen(town: &Town, role: Role, unit: Option<&str>, id: &str) -> pb::Request {
    let get = pb::GetRequestRequest { id: id.to_owned() };
    town.client(role, unit, Some(DISTRICT)).get_request(get).await.unwrap().into_inner()
}

#[tokio::test]
async fn all_of_it_is_given_back() {
    let town = Town::open().await;
    let request = taken(&town, with(order())).await;
    assert_eq!(request.order, Some(pb::Order { extensions: Default::default(), ..order() }));
    let told = town.reporter_of("G-1", &request.id).await;
    assert_eq!(told.extensions, order().extensions, "beside the reporter, whom they may name");
    let reporter = told.reporter.unwrap();
    assert_eq!((reporter.on_behalf_of.as_str(), reporter.address.as_str()), ("楼上独居老人", "胜利街158号"));
    assert_eq!(taken(&town, call()).await.order, None);

    // The same order with another title is another order.
    let numbered = |title: &str| pb::SubmitRequestRequest {
        external_id: "7".into(),
        ..with(pb::Order { title: title.into(), ..order() })
    };
    taken(&town, numbered("路灯不亮")).await;
    let changed = town.officer().submit_request(numbered("井盖丢失")).await.unwrap_err();
    assert_eq!(reason(&changed), "ORDER_CHANGED");
}

#[tokio::test]
async fn who_calls_is_shown_to_whom_it_may_be() {
    let town = Town::open().await;
    let open = taken(&town, with(order())).await.id;
    let leader = seen(&town, Role::Leader, None, &open).await;
    assert_eq!(leader.reporter, None);
    let shown = leader.order.unwrap();
    assert!(shown.extensions.is_empty(), "they may name the reporter");
    assert_eq!(shown, pb::Order { extensions: Default::default(), ..order() });
    assert!(seen(&town, Role::Desk, Some("D-1"), &open).await.reporter.is_some());

    for hidden in [pb::Order { confidential: true, ..order() }, pb::Order { anonymous: true, ..order() }] {
        let given = with(hidden);
        let masked = pb::Reporter { phone: "138****1234".into(), ..given.reporter.clone().unwrap() };
        let request = taken(&town, pb::SubmitRequestRequest { reporter: Some(masked), ..given }).await;
        assert!(request.reporter.is_some(), "to the first contact");
        for (role, unit) in [(Role::Desk, Some("D-1")), (Role::Callback, None), (Role::Leader, None)] {
            let request = seen(&town, role, unit, &request.id).await;
            assert_eq!(request.reporter, None, "{role:?}");
            assert!(request.order.as_ref().unwrap().extensions.is_empty(), "{role:?}");
            let told = request.flags().any(|flag| flag == Flag::NoCallback);
            assert_eq!(told, role == Role::Desk, "{role:?}");
        }
        // Nor to the desk that does something for the reporter.
        let add = pb::AddInformationRequest {
            request_id: Uuid::now_v7().to_string(),
            id: request.id,
            content: "还有".into(),
        };
        let mut desk = town.client(Role::Desk, Some("D-1"), Some(DISTRICT));
        assert_eq!(desk.add_information(add).await.unwrap().into_inner().reporter, None);
    }
}

#[tokio::test]
async fn it_is_bounded_and_what_cannot_be_read_is_flagged() {
    let town = Town::open().await;
    let many = |most: usize| (0..most).map(|n| (format!("键{n}"), "值".to_owned())).collect();
    let file = order().attachments.remove(0);
    for (what, order) in [
        ("33 keys", pb::Order { extensions: many(33), ..order() }),
        ("a long key", pb::Order { extensions: [("键".repeat(65), String::new())].into(), ..order() }),
        ("a long value", pb::Order { extensions: [("键".into(), "值".repeat(501))].into(), ..order() }),
        ("21 files", pb::Order { attachments: vec![file.clone(); 21], ..order() }),
        ("a long title", pb::Order { title: "很".repeat(201), ..order() }),
    ] {
        let refused = town.officer().submit_request(with(order)).await.unwrap_err();
        assert_eq!(reason(&refused), "BAD_FIELD", "{what}");
    }
    let nowhere = pb::Order {
        attachments: vec![
            pb::AttachmentReference { name: "照片".into(), ..Default::default() },
            file.clone(),
        ],
        extensions: [("a", "1"), (" a ", "2"), (" ", "3")]
            .map(|(key, value)| (key.into(), value.into()))
            .into(),
        ..order()
    };
    let kept = taken(&town, with(nowhere)).await;
    assert_eq!(kept.flags, [i32::from(Flag::FileUnreadable)]);
    let order = kept.order.unwrap();
    assert_eq!(order.attachments.len(), 1);
    assert_eq!(
        town.reporter_of("G-1", &kept.id).await.extensions,
        [("-", "3"), ("a", "2 / 1")].map(|(key, it)| (key.into(), it.into())).into()
    );
    let nowhen = Some(pbjson_types::Timestamp { seconds: i64::MAX, nanos: 0 });
    let most = pb::Order {
        extensions: many(32),
        attachments: vec![file; 20],
        call_time: nowhen,
        r#type: 99,
        ..self::order()
    };
    let kept = taken(&town, with(most)).await;
    assert_eq!(kept.flags, [i32::from(Flag::TimeUnreadable)]);
    let order = kept.order.unwrap();
    assert_eq!((order.call_time, order.r#type()), (None, RequestType::Unspecified));
    let extensions = town.reporter_of("G-1", &kept.id).await.extensions;
    assert_eq!((extensions.len(), order.attachments.len()), (32, 20));
}

/// A consultation that is answered at once is closed: nobody routes it or works on it.
#[tokio::test]
async fn a_consultation_is_answered_at_once() {
    let town = Town::open().await;
    let asked = |kind: RequestType, answer: &str| pb::SubmitRequestRequest {
        answer: answer.into(),
        ..with(pb::Order { r#type: kind.into(), ..pb::Order::default() })
    };
    let given = asked(RequestType::Consultation, "街道政务服务中心\r\n二楼");
    let receipt = town.officer().submit_request(given.clone()).await.unwrap().into_inner();
    let request = receipt.request.clone().unwrap();
    assert_eq!(request.state(), pb::RequestState::Answered);
    assert_eq!(request.answer, "街道政务服务中心\n二楼");
    let complaint = taken(&town, asked(RequestType::Complaint, "已处理")).await;
    assert_eq!((complaint.state(), complaint.answer.as_str()), (pb::RequestState::Submitted, ""));
    assert_eq!(complaint.flags, [i32::from(Flag::AnswerNotTaken)], "somebody works on it");
    assert_eq!(complaint.additions[0].content, "随件答复：已处理");
    assert!(request.first_contact.unwrap().discharge_time.is_some(), "nobody owes anything");
    assert_eq!(town.officer().submit_request(given).await.unwrap().into_inner(), receipt);

    let track = pb::TrackRequestRequest { number: request.number, tracking_token: receipt.tracking_token };
    let track = town.stranger().track_request(track).await.unwrap().into_inner();
    assert_eq!((track.answer.as_str(), track.object_until_time), ("街道政务服务中心\n二楼", None));
    let object = pb::RaiseObjectionRequest {
        request_id: Uuid::now_v7().to_string(),
        id: request.id,
        reason: "不对".into(),
    };
    assert_eq!(reason(&town.officer().raise_objection(object).await.unwrap_err()), "ANSWERED_AT_ONCE");

    let later = taken(&town, asked(RequestType::Consultation, "\u{200b} ")).await;
    assert_eq!(later.state(), pb::RequestState::Submitted, "no answer, no end");
}

/// Each door asks for what is its own; what is missing is flagged.
#[tokio::test]
async fn doors_ask_for_what_is_their_own() {
    let town = Town::open().await;
    let rule = |channel: pb::Channel| pb::ChannelRule {
        channel: channel.into(),
        name: channel.as_str_name().to_owned(),
        ..Default::default()
    };
    let all = [
        pb::Channel::Online,
        pb::Channel::GridPatrol,
        pb::Channel::HomeVisit,
        pb::Channel::Forum,
        pb::Channel::FromAbove,
        pb::Channel::Hotline,
        pb::Channel::ServiceCard,
        pb::Channel::ResidentQr,
        pb::Channel::EnterpriseDesk,
    ];
    assert_eq!(all.len(), Channel::ALL.len());
    town.apply(pb::IntakeProfile { channels: all.map(rule).to_vec(), ..profile() }).await;
    let names = Channel::ALL.iter().map(|door| door.name());
    let claims = Claims::new("platform-a", [Role::Platform]).area(DISTRICT).doors(names);
    let mut platform = RequestServiceClient::new(wire(town.address, Bearer(Some(town.bench.token(&claims)))));
    for channel in all {
        let given = pb::SubmitRequestRequest { channel: channel.into(), ..with(order()) };
        let by_people = matches!(channel, pb::Channel::HomeVisit | pb::Channel::Forum);
        match platform.submit_request(given.clone()).await {
            Ok(_) => assert!(!by_people, "{channel:?}"),
            Err(refused) => assert_eq!((by_people, reason(&refused).as_str()), (true, "DOOR_NOT_ALLOWED")),
        }
        let given = pb::SubmitRequestRequest { request_id: Uuid::now_v7().to_string(), ..given };
        let flags: Vec<_> = taken(&town, given).await.flags().collect();
        let mut expected = Vec::new();
        if channel == pb::Channel::FromAbove {
            expected.push(Flag::UnknownSource);
        }
        // A complaint is none of what enterprises bring there.
        if channel == pb::Channel::EnterpriseDesk {
            expected.push(Flag::UnusualType);
        }
        assert_eq!(flags, expected, "{channel:?}");
    }
}

/// The same command again is told by what it says, in whatever order a map of it is written.
#[tokio::test]
async fn an_order_with_many_extensions_is_the_same_when_sent_again() {
    let town = Town::open().await;
    let extensions = (0..12).map(|n| (format!("键{n}"), "值".to_owned())).collect();
    let order = Some(pb::Order { extensions, ..order() });
    let given = pb::SubmitRequestRequest { order, ..call() };
    let taken = town.officer().submit_request(given.clone()).await.unwrap().into_inner();
    for _ in 0..3 {
        assert_eq!(town.officer().submit_request(given.clone()).await.unwrap().into_inner(), taken);
    }
}
