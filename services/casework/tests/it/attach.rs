//! Files on cases: up, down, who sees them, and what a case needs before it is resolved.

use std::{fs, path::Path};

use huying_casework::domain::{
    Attachment, AttachmentKind as Kind, Case, Change, Error, Evidence, File,
    case::step::{Accepted, Attach, Attached, Resolve},
};
use huying_chassis::auth::Role;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;
use sha2::{Digest as _, Sha256};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::{
    fixture as f,
    support::{Attachments, Town, accept, fresh, profile, resolve},
};

/// A photo by its first bytes, and as many more as make `size`.
pub fn photo(size: usize) -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec();
    bytes.resize(size, 0x5a);
    bytes
}

/// What is said of a file before its bytes.
pub fn said(case: &pb::Case, bytes: &[u8]) -> pb::UploadAttachmentRequest {
    pb::UploadAttachmentRequest {
        request_id: fresh(),
        case: case.id.clone(),
        kind: pb::AttachmentKind::AfterPhoto.into(),
        name: "王家门口.jpg".into(),
        size: bytes.len() as i64,
        sha256: hex::encode(Sha256::digest(bytes)),
        chunk: Vec::new(),
    }
}

/// The messages of a file, in pieces of a size.
pub fn messages(
    first: &pb::UploadAttachmentRequest,
    bytes: &[u8],
    piece: usize,
) -> Vec<pb::UploadAttachmentRequest> {
    let rest = bytes
        .chunks(piece)
        .map(|chunk| pb::UploadAttachmentRequest { chunk: chunk.to_vec(), ..Default::default() });
    [first.clone()].into_iter().chain(rest).collect()
}

pub async fn upload(
    client: &mut Attachments,
    first: &pb::UploadAttachmentRequest,
    bytes: &[u8],
) -> Result<pb::Attachment, Status> {
    let all = messages(first, bytes, 100_000);
    client.upload_attachment(futures::stream::iter(all)).await.map(tonic::Response::into_inner)
}

pub async fn download(
    client: &mut Attachments,
    case: &str,
    id: &str,
) -> Result<(pb::Attachment, Vec<u8>), Status> {
    let ask = pb::DownloadAttachmentRequest { case: case.into(), id: id.into() };
    let mut answer = client.download_attachment(ask).await?.into_inner();
    let head = answer.message().await?.unwrap().attachment.unwrap();
    let mut bytes = Vec::new();
    while let Some(message) = answer.message().await? {
        assert!(message.attachment.is_none() && (1..=262_144).contains(&message.chunk.len()));
        bytes.extend(message.chunk);
    }
    Ok((head, bytes))
}

/// What a refusal tells beside its reason.
pub fn told(status: &Status, key: &str) -> String {
    status.get_details_error_info().unwrap().metadata.remove(key).unwrap()
}

/// Every file below a directory.
pub fn files(under: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(under).into_iter().flatten().flatten() {
        match entry.path().is_dir() {
            true => found.extend(files(&entry.path())),
            false => found.push(entry.file_name().into_string().unwrap()),
        }
    }
    found.retain(|name| !name.starts_with(".look"));
    found
}

pub async fn on_the_way(town: &Town) -> i64 {
    sqlx::query_scalar("select count(*) from upload").fetch_one(&town.pool).await.unwrap()
}

#[tokio::test]
async fn a_file_comes_back_as_it_went() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let bytes = photo(700_000);
    let mut street = town.attachments_of(&f::street());
    let added = upload(&mut street, &said(&case, &bytes), &bytes).await.unwrap();
    assert_eq!((added.media_type.as_str(), added.size, added.attempt), ("image/jpeg", 700_000, 1));
    assert_eq!(added.actor.as_ref().unwrap().unit, "S-1");
    assert_eq!((files(&town.bench.objects()), on_the_way(&town).await), (vec![added.id.clone()], 0));

    let (head, came) = download(&mut street, &case.id, &added.id).await.unwrap();
    assert_eq!((&head, came), (&added, bytes));
    let case = town.case(&case.id).await;
    assert_eq!((case.attachments, case.version), (vec![added.clone()], 3));
    let list = pb::ListCasesRequest { district: f::DISTRICT.into(), ..Default::default() };
    let listed = town.desk().list_cases(list).await.unwrap().into_inner().cases.remove(0);
    assert_eq!(listed.attachments, []);

    let (name, event) = town.events(&case.id).await.pop().unwrap();
    assert_eq!((name.as_str(), event["attachment"].as_str()), ("CaseAttached", Some(added.id.as_str())));
    assert!(!event.to_string().contains("王家门口"), "a name may be personal: {event}");
}

#[tokio::test]
async fn the_same_again_gets_the_first_answer() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let mut street = town.attachments_of(&f::street());
    let bytes = photo(40_000);
    let first = said(&case, &bytes);
    let added = upload(&mut street, &first, &bytes).await.unwrap();
    let again = upload(&mut street, &first, &bytes).await.unwrap();
    // Without its bytes too: they are not asked for any more.
    let silent = upload(&mut street, &first, &[]).await.unwrap();
    let same = upload(&mut street, &said(&case, &bytes), &bytes).await.unwrap();
    assert_eq!([&again, &silent, &same], [&added; 3]);
    let other = pb::UploadAttachmentRequest { name: "别的.jpg".into(), ..first.clone() };
    let reused = upload(&mut street, &other, &bytes).await.unwrap_err();
    assert_eq!((reused.code(), reason(&reused).as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
    assert_eq!((files(&town.bench.objects()).len(), on_the_way(&town).await), (1, 0));

    let before = pb::AttachmentKind::BeforePhoto.into();
    let shows_other = pb::UploadAttachmentRequest { kind: before, ..said(&case, &bytes) };
    upload(&mut street, &shows_other, &bytes).await.unwrap();
    assert_eq!(town.case(&case.id).await.attachments.len(), 2);
}

/// Both put their bytes, one gets its entry in.
#[tokio::test]
async fn the_same_file_twice_at_once_is_there_once() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let bytes = photo(40_000);
    let (first, second) = (said(&case, &bytes), said(&case, &bytes));
    let held = |first: &pb::UploadAttachmentRequest| {
        let (sender, receiver) = tokio::sync::mpsc::channel(8);
        let mut all = messages(first, &bytes, 20_000).into_iter();
        for message in all.by_ref().take(2) {
            sender.try_send(message).unwrap();
        }
        let mut street = town.attachments_of(&f::street());
        let answer =
            tokio::spawn(async move { street.upload_attachment(ReceiverStream::new(receiver)).await });
        (sender, all.next().unwrap(), answer)
    };
    let (one, other) = (held(&first), held(&second));
    huying_testing::eventually("both are on the way", async || (on_the_way(&town).await == 2).then_some(()))
        .await;
    let mut ids = Vec::new();
    for (sender, last, answer) in [one, other] {
        sender.send(last).await.unwrap();
        drop(sender);
        ids.push(answer.await.unwrap().unwrap().into_inner().id);
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!((files(&town.bench.objects()), on_the_way(&town).await), (vec![ids.remove(0)], 0));
}

#[tokio::test]
async fn a_called_department_sees_its_own_files_alone() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    town.call(&case, &[f::parks(), f::traffic()], "修剪").await;
    let (bytes, theirs) = (photo(20_000), photo(30_000));
    let (mut street, mut parks) = (town.attachments_of(&f::street()), town.attachments_of(&f::parks()));
    let ours = upload(&mut street, &said(&case, &bytes), &bytes).await.unwrap();
    let parks_own = upload(&mut parks, &said(&case, &theirs), &theirs).await.unwrap();
    // The very file of somebody else is another one: nobody learns what others have.
    let alike = upload(&mut parks, &said(&case, &bytes), &bytes).await.unwrap();
    assert_ne!(alike.id, ours.id);

    let get = pb::GetCaseRequest { id: case.id.clone() };
    let seen = town.of(&f::parks()).get_case(get).await.unwrap().into_inner();
    assert_eq!(seen.attachments, [parks_own.clone(), alike]);
    assert_eq!(town.case(&case.id).await.attachments.len(), 3);
    assert_eq!(download(&mut street, &case.id, &parks_own.id).await.unwrap().1, theirs);
    let absent = async |client: &mut Attachments, id: &str| {
        let refused = download(client, &case.id, id).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "NOT_FOUND"));
        refused.message().replace(id, "ID")
    };
    let never = absent(&mut parks, &fresh()).await;
    assert_eq!(absent(&mut parks, &ours.id).await, never);
    let mut traffic = town.attachments_of(&f::traffic());
    assert_eq!(absent(&mut traffic, &parks_own.id).await, never);
    let mut stranger = town.attachments(Role::Department, Some("DEP-water"), Some(f::DISTRICT));
    assert_eq!(absent(&mut stranger, &ours.id).await, never);
}

#[tokio::test]
async fn a_case_is_resolved_with_the_evidence_of_its_category() {
    let town = Town::open().await;
    let mut demanding = profile(false);
    let kinds = vec![pb::AttachmentKind::AfterPhoto.into()];
    demanding.profile.as_mut().unwrap().evidence = vec![pb::Evidence { category: "C1".into(), kinds }];
    town.operator().apply_profile(demanding).await.unwrap();
    let (_, case) = town.case_at(&f::street()).await;
    let case = town.of(&f::street()).accept_case(accept(&case)).await.unwrap().into_inner();
    assert_eq!(case.missing_evidence, [i32::from(pb::AttachmentKind::AfterPhoto)]);
    assert!(!case.allowed_steps.iter().any(|step| step == "resolve"), "{:?}", case.allowed_steps);
    let early = town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap_err();
    assert_eq!((early.code(), reason(&early).as_str()), (Code::FailedPrecondition, "EVIDENCE_REQUIRED"));
    assert_eq!(told(&early, "missing"), "after_photo");

    let bytes = photo(20_000);
    upload(&mut town.attachments_of(&f::street()), &said(&case, &bytes), &bytes).await.unwrap();
    let get = pb::GetCaseRequest { id: case.id.clone() };
    let case = town.of(&f::street()).get_case(get).await.unwrap().into_inner();
    assert!(case.missing_evidence.is_empty() && case.allowed_steps.iter().any(|step| step == "resolve"));
    town.of(&f::street()).resolve_case(resolve(&case)).await.unwrap();
}

fn file(kind: Kind, sha256: &str) -> File {
    File {
        id: Uuid::now_v7(),
        kind,
        name: "x".into(),
        media_type: "image/png".into(),
        size: 9,
        sha256: sha256.into(),
        object: "990101/x".into(),
    }
}

fn working() -> Case {
    f::after(&f::case_at(&f::street()), vec![Accepted { respond: None }.into()], f::morning())
}

fn attached(case: &Case, kind: Kind) -> Case {
    f::after(case, vec![Attached { file: file(kind, "a") }.into()], f::morning())
}

#[test]
fn evidence_is_demanded_by_category_and_anew_after_a_reopening() {
    let demand = |category: &str, kinds: &[Kind]| Evidence { category: category.into(), kinds: kinds.into() };
    let mut facts = f::facts();
    facts.profile.evidence = vec![
        demand("C1", &[Kind::BeforePhoto, Kind::AfterPhoto]),
        demand("C", &[Kind::Recording]),
        demand("D", &[Kind::Document]),
    ];
    let resolve = Resolve { answer: "好了".into(), handling: None };
    let ask = |case: &Case| f::take(case, &f::holder(case), &resolve, &facts);
    let missing = |kinds: &[Kind]| Err(Error::EvidenceRequired { missing: kinds.into() });
    let case = working();
    assert_eq!(ask(&case), missing(&[Kind::BeforePhoto, Kind::AfterPhoto]), "C is no part of C1");
    let case = attached(&case, Kind::AfterPhoto);
    assert_eq!(ask(&case), missing(&[Kind::BeforePhoto]));
    let case = attached(&case, Kind::BeforePhoto);
    assert!(ask(&case).is_ok());
    let reopened = Case { attempt: 2, ..case };
    assert_eq!(ask(&reopened), missing(&[Kind::BeforePhoto, Kind::AfterPhoto]));
    let part = Evidence { category: "JA:e".into(), kinds: vec![Kind::Document] };
    assert!(part.is_of("JA:e") && part.is_of("JA:e:1") && !part.is_of("JA:em:1") && !part.is_of("JA"));
}

#[test]
fn who_may_attach_what() {
    let case = working();
    let attach = |kind, media: &str| Attach {
        file: File { media_type: media.into(), ..file(kind, "b") },
        unit: Some("S-1".into()),
    };
    let ask = |case: &Case, step: &Attach, by| f::take(case, &by, step, &f::facts());
    let photo = attach(Kind::AfterPhoto, "image/png");
    assert!(ask(&case, &photo, f::by(&f::street())).is_ok());
    assert!(ask(&case, &photo, f::leader(f::DISTRICT)).is_ok(), "who supervises it");
    let other = ask(&case, &photo, f::by(&f::parks()));
    assert_eq!(other, Err(Error::NotHolder { holder: "S-1".into() }));
    let early = ask(&f::case_at(&f::street()), &photo, f::by(&f::street()));
    assert_eq!(early, Err(Error::StepNotAllowed { step: "attach", state: "assigned" }));

    for (kind, media, taken) in [
        (Kind::AfterPhoto, "application/pdf", false),
        (Kind::Recording, "image/png", false),
        (Kind::Recording, "audio/amr", true),
        (Kind::Document, "application/pdf", true),
        (Kind::Document, "application/zip", false),
    ] {
        let asked = ask(&case, &attach(kind, media), f::by(&f::street()));
        assert_eq!(asked.is_ok(), taken, "{kind:?} {media}: {asked:?}");
    }
    let full = Case {
        attachments: vec![
            Attachment {
                file: file(Kind::Document, "c"),
                by: Default::default(),
                at: f::morning(),
                attempt: 1
            };
            20
        ],
        ..case.clone()
    };
    assert_eq!(ask(&full, &photo, f::by(&f::street())), Err(Error::TooManyAttachments { most: 20 }));
    let huge = Attach { file: File { size: (50 << 20) + 1, ..photo.file.clone() }, ..photo };
    assert_eq!(ask(&case, &huge, f::by(&f::street())), Err(Error::AttachmentTooLarge { largest: 50 << 20 }));
    let change = Change::from(Attached { file: file(Kind::Document, "d") });
    assert_eq!(change.happened().words(), "x", "the history names the file");
}
