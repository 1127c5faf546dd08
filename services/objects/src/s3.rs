//! Objects in a bucket of an S3-compatible store.
//!
//! Each call is one signed request on a connection of its own: nothing is kept open between the files of a day, and none is taken for
//! alive that is not. A put says its length first and the store keeps nothing of one that breaks off.

use std::{
    io,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use http::{Method, Request, Response, StatusCode, header};
use http_body::Frame;
use http_body_util::{BodyExt as _, Empty, Limited, StreamBody, combinators::UnsyncBoxBody};
use huying_http::{Way, has_login};
use hyper::body::Incoming;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use tokio::{task::spawn_blocking, time::timeout};
use url::{Position, Url};

use crate::{Content, Doing, Error, Name, Objects, ReadSecret, Settings, exact::exact};

/// How long a signature holds.
const SIGNED: Duration = Duration::from_secs(300);
/// How long the store may take to answer, and to send the next piece.
const ANSWER: Duration = Duration::from_secs(30);
/// Bytes of a refusal that are read to tell why.
const REFUSAL: usize = 4096;

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A bucket.
pub struct S3Objects {
    bucket: Bucket,
    access_key: String,
    secret_key_file: PathBuf,
    secrets: ReadSecret,
    /// The authority's file, where one is believed.
    ca_file: Option<PathBuf>,
    /// As that said last.
    way: Mutex<Way>,
}

impl S3Objects {
    /// Connects to nothing.
    ///
    /// # Errors
    /// An address that is none, or an authority's file that cannot be read.
    pub fn new(settings: &Settings, secrets: ReadSecret) -> Result<Self, String> {
        let (bucket, way) = Self::reached(settings)?;
        let (access_key, secret_key_file) =
            (settings.access_key.clone(), PathBuf::from(&settings.secret_key_file));
        let ca_file = settings.authority().map(PathBuf::from);
        Ok(Self { bucket, access_key, secret_key_file, secrets, ca_file, way: Mutex::new(way) })
    }

    /// Where the bucket is, and the way there.
    pub(crate) fn reached(settings: &Settings) -> Result<(Bucket, Way), String> {
        let url: Url = settings.url.parse().map_err(|error| format!("is no address: {error}"))?;
        if has_login(&url) {
            return Err("must not hold a user or a password".to_owned());
        }
        let style = if settings.path_style { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let (bucket, region) = (settings.bucket.clone(), settings.region.clone());
        let way = match settings.is_encrypted() {
            true => Way::secure(settings.authority()).map_err(|error| format!("ca_file {error}"))?,
            false => Way::plain(),
        };
        Ok((Bucket::new(url, style, bucket, region).map_err(|error| error.to_string())?, way))
    }

    async fn credentials(&self) -> Result<Credentials, Error> {
        let (path, secrets) = (self.secret_key_file.clone(), self.secrets);
        let read =
            spawn_blocking(move || secrets(&path)).await.unwrap_or_else(|error| Err(error.to_string()));
        let secret = read.map_err(|what| Error::Unusable(format!("secret_key_file {what}")))?;
        Ok(Credentials::new(self.access_key.clone(), secret.trim()))
    }

    /// The way there, as the authority's file says now. One that makes no sense leaves what it said before in force.
    async fn way(&self) -> Way {
        let read = match self.ca_file.clone() {
            Some(file) => spawn_blocking(move || Way::secure(Some(&file))).await.ok().and_then(Result::ok),
            None => None,
        };
        let mut way = self.way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(newer) = read {
            *way = newer;
        }
        way.clone()
    }

    /// Answered in time by one of the codes hoped for; the codes are told apart by who asks.
    async fn ask(
        &self,
        (method, url): (Method, Url),
        (size, body): (u64, Body),
        hoped: &[StatusCode],
    ) -> Result<Response<Incoming>, Error> {
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let request = Request::builder()
            .method(method)
            .uri(&url[Position::BeforePath..])
            .header(header::HOST, host)
            .header(header::CONTENT_LENGTH, size)
            .body(body)
            .map_err(|error| Error::Unusable(error.to_string()))?;
        let answer = self.way().await.send(&url, request).await;
        let answer = answer.map_err(|error| Error::Unusable(error.to_string()))?;
        if hoped.contains(&answer.status()) { Ok(answer) } else { Err(refused(answer).await) }
    }
}

impl Objects for S3Objects {
    fn put<'a>(&'a self, name: &'a Name, size: u64, content: Content) -> Doing<'a, ()> {
        Box::pin(async move {
            let credentials = self.credentials().await?;
            let url = self.bucket.put_object(Some(&credentials), name.as_str()).sign(SIGNED);
            let body = StreamBody::new(exact(size, content).map_ok(Frame::data)).boxed_unsync();
            // How long the content takes is up to who sends it.
            self.ask((Method::PUT, url), (size, body), &[StatusCode::OK]).await.map(drop)
        })
    }

    fn get<'a>(&'a self, name: &'a Name) -> Doing<'a, Content> {
        Box::pin(async move {
            let credentials = self.credentials().await?;
            let url = self.bucket.get_object(Some(&credentials), name.as_str()).sign(SIGNED);
            let hoped = [StatusCode::OK, StatusCode::NOT_FOUND];
            let answer = in_time(self.ask((Method::GET, url), nothing(), &hoped)).await?;
            if answer.status() == StatusCode::NOT_FOUND {
                return Err(Error::Absent);
            }
            Ok(pieces(answer.into_body()))
        })
    }

    fn delete<'a>(&'a self, name: &'a Name) -> Doing<'a, ()> {
        Box::pin(async move {
            let credentials = self.credentials().await?;
            let url = self.bucket.delete_object(Some(&credentials), name.as_str()).sign(SIGNED);
            let hoped = [StatusCode::NO_CONTENT, StatusCode::OK, StatusCode::NOT_FOUND];
            in_time(self.ask((Method::DELETE, url), nothing(), &hoped)).await.map(drop)
        })
    }

    /// Whether the bucket is there for these keys; that it may be written to is seen when it is.
    fn look(&self) -> Doing<'_, ()> {
        Box::pin(async move {
            let credentials = self.credentials().await?;
            let url = self.bucket.head_bucket(Some(&credentials)).sign(SIGNED);
            in_time(self.ask((Method::HEAD, url), nothing(), &[StatusCode::OK])).await.map(drop)
        })
    }
}

fn nothing() -> (u64, Body) {
    (0, Empty::new().map_err(|never| match never {}).boxed_unsync())
}

/// The body of an answer; it breaks off when the store does not go on in time.
fn pieces(body: Incoming) -> Content {
    futures::stream::try_unfold(body.into_data_stream(), async |mut body| {
        match timeout(ANSWER, body.next()).await {
            Ok(Some(Ok(piece))) => Ok(Some((piece, body))),
            Ok(Some(Err(error))) => Err(io::Error::other(error)),
            Ok(None) => Ok(None),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    })
    .boxed()
}

async fn in_time<T>(asked: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(ANSWER, asked).await.unwrap_or_else(|_| Err(Error::Unusable("it does not answer in time".into())))
}

/// The status, and the store's own code for why.
async fn refused(answer: Response<Incoming>) -> Error {
    let status = answer.status();
    let text = timeout(ANSWER, Limited::new(answer.into_body(), REFUSAL).collect()).await;
    let text = match text {
        Ok(Ok(text)) => String::from_utf8_lossy(&text.to_bytes()).into_owned(),
        Ok(Err(_)) | Err(_) => String::new(),
    };
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    Error::Unusable(
        format!("it answers {status} {}", code.map_or("", |(code, _)| code)).trim_end().to_owned(),
    )
}
