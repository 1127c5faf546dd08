//! Files on cases: sent in pieces, and fetched and compared with what was said of them.

use std::{
    fs,
    io::{IsTerminal as _, Read as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use futures::stream;
use huying_chassis::peers::Peer;
use huying_proto::casework::v1::{
    Attachment, AttachmentKind, DownloadAttachmentRequest, UploadAttachmentRequest,
    attachment_service_client::AttachmentServiceClient,
};
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest as _, Sha256};

use super::super::page::head;
use super::{Session, show};
use crate::{
    client::{Client, request_id},
    failure::wrong,
    output::label,
    words::{self, Word as _},
};

/// Bytes in a message.
const PIECE: usize = 128 * 1024;

#[derive(Args, Debug)]
pub struct Attach {
    /// The case's number or id
    id: String,
    /// The file
    file: PathBuf,
    /// What it shows
    #[arg(long, value_parser = words::parser::<AttachmentKind>())]
    kind: AttachmentKind,
    /// The unit that adds it; the case's holder if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
}

#[derive(Args, Debug)]
pub struct Fetch {
    /// The case's number or id
    id: String,
    /// Only the one with this id
    #[arg(long, value_name = "ID")]
    attachment: Option<String>,
    /// Where to
    #[arg(long, value_name = "DIR", default_value = ".")]
    into: PathBuf,
}

impl Attach {
    pub(super) async fn run(self, session: &Session, client: &Client) -> anyhow::Result<()> {
        let (size, sha256) =
            digest(&self.file).with_context(|| format!("{} cannot be read", self.file.display()))?;
        let case = show::find(client, &client.reader()?, &self.id).await?;
        let who = client.of_unit(self.unit.as_deref().unwrap_or(&case.holder)).await?;
        let first = UploadAttachmentRequest {
            request_id: request_id(),
            case: case.id,
            kind: self.kind.into(),
            name: self.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            size: i64::try_from(size)?,
            sha256,
            chunk: Vec::new(),
        };
        let bar = bar(size, "sending");
        let messages = pieces(fs::File::open(&self.file)?, first, bar.clone());
        let added = client.attachments(&who)?.upload_attachment(messages).await;
        bar.finish_and_clear();
        let added = added?.into_inner();
        head(session, client, &case.number)?;
        session.out.one(&added, |added| fields(client, added))
    }
}

impl Fetch {
    pub(super) async fn run(self, session: &Session, client: &Client) -> anyhow::Result<()> {
        let who = client.reader()?;
        let case = show::find(client, &who, &self.id).await?;
        let is_wanted = |it: &&Attachment| self.attachment.as_ref().is_none_or(|id| *id == it.id);
        let wanted: Vec<_> = case.attachments.iter().filter(is_wanted).collect();
        if wanted.is_empty() {
            return Err(wrong("the case has no such file", "see its files with `huying case show`"));
        }
        fs::create_dir_all(&self.into)?;
        let mut attachments = client.attachments(&who)?;
        for it in wanted {
            let path = self.into.join(file_name(&case.number, it));
            fetch(&mut attachments, &case.id, it, &path).await?;
            session.out.text(&path.display().to_string())?;
        }
        Ok(())
    }
}

/// One file, which is there when all of it came and is what was added.
async fn fetch(
    attachments: &mut AttachmentServiceClient<Peer>,
    case: &str,
    it: &Attachment,
    path: &Path,
) -> anyhow::Result<()> {
    let ask = DownloadAttachmentRequest { case: case.to_owned(), id: it.id.clone() };
    let mut answer = attachments.download_attachment(ask).await?.into_inner();
    let bar = bar(u64::try_from(it.size)?, "fetching");
    let part = path.with_extension("part");
    let (mut file, mut digest) = (fs::File::create(&part)?, Sha256::new());
    while let Some(message) = answer.message().await? {
        digest.update(&message.chunk);
        file.write_all(&message.chunk)?;
        bar.inc(message.chunk.len() as u64);
    }
    bar.finish_and_clear();
    if hex::encode(digest.finalize()) != it.sha256 {
        fs::remove_file(&part)?;
        let fix = "fetch it again; if it stays so, bring it back from the backup";
        return Err(wrong(format!("{} is not what was added: its SHA-256 is another", it.id), fix));
    }
    Ok(fs::rename(&part, path)?)
}

/// The file's own name may hold anything, and was chosen by whoever sent it: it is only shown.
fn file_name(number: &str, it: &Attachment) -> String {
    let ending = match it.media_type.as_str() {
        "image/jpeg" => "jpg",
        "audio/mpeg" => "mp3",
        "audio/x-wav" => "wav",
        "video/quicktime" => "mov",
        "application/msword" => "doc",
        office if office.ends_with("wordprocessingml.document") => "docx",
        office if office.ends_with("spreadsheetml.sheet") => "xlsx",
        office if office.ends_with("presentationml.presentation") => "pptx",
        other => other.rsplit('/').next().unwrap_or_default(),
    };
    format!("{number}-{}-{}.{ending}", it.kind().english(), it.id)
}

fn digest(path: &Path) -> std::io::Result<(u64, String)> {
    let mut digest = Sha256::new();
    let size = std::io::copy(&mut fs::File::open(path)?, &mut digest)?;
    Ok((size, hex::encode(digest.finalize())))
}

/// The messages of a file, read as they are sent.
fn pieces(
    file: fs::File,
    first: UploadAttachmentRequest,
    bar: ProgressBar,
) -> impl futures::Stream<Item = UploadAttachmentRequest> + Send + 'static {
    stream::unfold((file, Some(first), bar), async |(mut file, first, bar)| {
        if let Some(first) = first {
            return Some((first, (file, None, bar)));
        }
        let mut chunk = Vec::with_capacity(PIECE);
        // What cannot be read ends the file early, and the other side says that it is another one.
        (&mut file).take(PIECE as u64).read_to_end(&mut chunk).ok()?;
        bar.inc(chunk.len() as u64);
        let message = UploadAttachmentRequest { chunk, ..Default::default() };
        (!message.chunk.is_empty()).then_some((message, (file, None, bar)))
    })
}

/// On a terminal alone.
fn bar(size: u64, what: &'static str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(size);
    label(&bar, what);
    match ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn fields(client: &Client, it: &Attachment) -> Vec<(&'static str, String)> {
    vec![
        ("id", it.id.clone()),
        ("kind", it.kind().both()),
        ("name", it.name.clone()),
        ("type", it.media_type.clone()),
        ("bytes", it.size.to_string()),
        ("sha256", it.sha256.clone()),
        ("added", client.when(it.time.as_ref())),
    ]
}
