//! What is no file, or none that is wanted, leaves nothing; what was left by a crash is swept.

use std::{fs, sync::Arc};

use chrono::TimeDelta;
use futures::StreamExt as _;
use huying_casework::app::{App, attach::Upload};
use huying_objects::Nowhere;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;
use tonic::Code;
use tonic_types::StatusExt as _;

use super::{
    attach::{download, files, messages, on_the_way, photo, said, told, upload},
    fixture as f,
    support::{Town, fresh, meta, resolve},
};

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let (_, fresh_case) = town.case_at(&f::street()).await;
    let before = town.written().await;
    let (bytes, mut street) = (photo(300_000), town.attachments_of(&f::street()));
    let right = || said(&case, &bytes);
    let text = "只是文字".repeat(9000).into_bytes();
    let cases = [
        // Other bytes, fewer, more.
        (right(), [&bytes[..299_999], b"!"].concat(), "ATTACHMENT_DIFFERS"),
        (right(), bytes[..200_000].to_vec(), "ATTACHMENT_DIFFERS"),
        (right(), photo(400_000), "ATTACHMENT_DIFFERS"),
        (right(), Vec::new(), "MEDIA_TYPE_NOT_ALLOWED"),
        (said(&case, &text), text.clone(), "MEDIA_TYPE_NOT_ALLOWED"),
        (pb::UploadAttachmentRequest { size: 60 << 20, ..right() }, bytes.clone(), "ATTACHMENT_TOO_LARGE"),
        (said(&fresh_case, &bytes), bytes.clone(), "STEP_NOT_ALLOWED"),
        (pb::UploadAttachmentRequest { case: fresh(), ..right() }, bytes.clone(), "NOT_FOUND"),
    ];
    for (first, bytes, expected) in cases {
        let refused = upload(&mut street, &first, &bytes).await.unwrap_err();
        assert_eq!(reason(&refused), expected, "{refused:?}");
        if expected == "MEDIA_TYPE_NOT_ALLOWED" {
            assert!(told(&refused, "allowed").contains("image/jpeg"), "{refused:?}");
        }
    }
    let stranger = upload(&mut town.attachments_of(&f::parks()), &right(), &bytes).await.unwrap_err();
    assert_eq!((stranger.code(), reason(&stranger).as_str()), (Code::NotFound, "NOT_FOUND"));
    assert_eq!(town.written().await, before);
    assert_eq!((files(&town.bench.objects()), on_the_way(&town).await), (vec![], 0));
}

#[tokio::test]
async fn every_bad_field_and_every_bad_piece_is_named() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let mut street = town.attachments_of(&f::street());
    let bytes = photo(300_000);
    let bad = pb::UploadAttachmentRequest {
        request_id: "x".into(),
        case: "y".into(),
        kind: 9,
        name: "../x".into(),
        size: 0,
        sha256: "zz".into(),
        chunk: Vec::new(),
    };
    let refused = upload(&mut street, &bad, &[]).await.unwrap_err();
    let fields = refused.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<_> = fields.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["request_id", "case", "kind", "name", "size", "sha256"]);
    let nothing = street.upload_attachment(futures::stream::iter(Vec::new())).await.unwrap_err();
    assert_eq!(reason(&nothing), "BAD_FIELD");

    let mut empty_piece = messages(&said(&case, &bytes), &bytes, 100_000);
    empty_piece.insert(2, pb::UploadAttachmentRequest::default());
    let refused = street.upload_attachment(futures::stream::iter(empty_piece)).await.unwrap_err();
    assert_eq!(reason(&refused), "BAD_FIELD", "{refused:?}");
    let large_piece = messages(&said(&case, &bytes), &bytes, 280_000);
    let refused = street.upload_attachment(futures::stream::iter(large_piece)).await.unwrap_err();
    assert_eq!(reason(&refused), "MESSAGE_TOO_LARGE", "{refused:?}");
    assert_eq!((files(&town.bench.objects()), on_the_way(&town).await), (vec![], 0));

    // A small file may come with its first message.
    let small = photo(3000);
    let whole = pb::UploadAttachmentRequest { chunk: small.clone(), ..said(&case, &small) };
    street.upload_attachment(futures::stream::iter([whole])).await.unwrap();
    let bad = pb::DownloadAttachmentRequest { case: "x".into(), id: "y".into() };
    assert_eq!(reason(&street.download_attachment(bad).await.unwrap_err()), "BAD_FIELD");
}

#[tokio::test]
async fn what_never_came_onto_its_case_is_swept_after_a_day() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let bytes = photo(40_000);
    let mut street = town.attachments_of(&f::street());
    let kept = upload(&mut street, &said(&case, &bytes), &bytes).await.unwrap();
    // As a crash leaves them: bytes without an entry, and an entry that is still written down as on its way.
    let folder = town.bench.objects().join(f::DISTRICT).join(&case.id[..5]).join(&case.id);
    let lost = fresh();
    fs::write(folder.join(&lost), "lost").unwrap();
    for id in [&kept.id, &lost] {
        sqlx::query("insert into upload values ($1::uuid, $2::uuid, $3, $4)")
            .bind(id)
            .bind(&case.id)
            .bind(format!("{}/{}/{}/{id}", f::DISTRICT, &case.id[..5], case.id))
            .bind(town.clock.now())
            .execute(&town.pool)
            .await
            .unwrap();
    }
    assert_eq!(town.app.sweep().await.unwrap(), 0, "they may still be coming");
    town.clock.set(town.clock.now() + TimeDelta::days(1) + TimeDelta::seconds(1));
    assert_eq!(town.app.sweep().await.unwrap(), 2);
    assert_eq!((files(&town.bench.objects()), on_the_way(&town).await), (vec![kept.id.clone()], 0));
    assert_eq!(download(&mut street, &case.id, &kept.id).await.unwrap().1, bytes);

    fs::remove_file(folder.join(&kept.id)).unwrap();
    let lost = download(&mut street, &case.id, &kept.id).await.unwrap_err();
    assert_eq!((lost.code(), reason(&lost).as_str()), (Code::DataLoss, "OBJECT_LOST"));
    let case = town.case(&case.id).await;
    town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap();
}

#[tokio::test]
async fn without_a_store_a_file_is_refused_and_all_else_goes_on() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let app = App { objects: Arc::new(Nowhere), ..town.app.clone() };
    let bytes = photo(20_000);
    let first = said(&case, &bytes);
    let file = Upload {
        case: case.id.parse().unwrap(),
        kind: huying_casework::domain::AttachmentKind::AfterPhoto,
        name: first.name.clone(),
        size: 20_000,
        sha256: hex::decode(&first.sha256).unwrap().try_into().unwrap(),
    };
    let coming = futures::stream::iter([Ok(bytes.into())]).boxed();
    let mut asked = meta(&f::street(), 2);
    asked.expected = None;
    let refused = app.attach(file, &f::by(&f::street()), &asked, coming).await.unwrap_err();
    assert_eq!((refused.code(), refused.reason()), (Code::Unavailable, "OBJECTS_UNAVAILABLE"));
    assert_eq!(town.case(&case.id).await.attachments, []);
}

#[test]
fn attack_19_no_file_goes_to_a_store_in_the_clear() {
    let loaded = |url: &str, plaintext: &str| {
        let own = [
            ("SERVICE__OBJECTS__URL", url),
            ("SERVICE__OBJECTS__BUCKET", "files"),
            ("SERVICE__OBJECTS__REGION", "cn"),
            ("SERVICE__OBJECTS__ACCESS_KEY", "key"),
            ("SERVICE__OBJECTS__SECRET_KEY_FILE", "/run/secrets/store"),
            ("DATABASE_URL", "postgres://127.0.0.1/casework"),
            ("NATS_URL", "nats://127.0.0.1:4222"),
            ("NATS__KEY_FILE", "casework.nk"),
            ("AUTH__KEY_FILE", "issuer.pem"),
            ("TLS__PLAINTEXT", plaintext),
        ];
        let named = own.map(|(key, value)| (format!("HUYING_CASEWORK__{key}"), value.to_owned()));
        huying_casework::SERVICE.load(None, named).unwrap()
    };
    let refused = loaded("http://oss.example.cn", "false").check().unwrap_err().to_string();
    assert!(refused.contains("what goes to service.objects.url would not be encrypted"), "{refused}");
    let open = loaded("http://oss.example.cn", "true");
    open.check().unwrap();
    assert!(open.warnings().iter().any(|warning| warning.contains("service.objects.url")));
    for url in ["https://oss.example.cn", "http://127.0.0.1:9000"] {
        let safe = loaded(url, "false");
        safe.check().unwrap();
        assert!(safe.warnings().is_empty(), "{url}");
    }
}
