//! How a command reaches the services: where they are, and whose token it shows.
//!
//! Where: `--at`, else the `run.json` of a running `huying up`. Who: `--token-file`, else a short
//! token minted for the role the command needs ([`Who`]). A command acts as one role at a time, as a
//! person at a desk would; nothing here gives rights that a role has not.

mod news;
mod who;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use huying_chassis::auth::{Claims, Issuer, Lives, TokenSource};
use huying_chassis::config::{AuthConfig, TlsConfig};
use huying_chassis::peers::{Peer, Peers};
use huying_proto::casework::v1::{
    approval_service_client::ApprovalServiceClient, attachment_service_client::AttachmentServiceClient,
    case_service_client::CaseServiceClient, dispatch_service_client::DispatchServiceClient,
    ledger_service_client::LedgerServiceClient, meeting_service_client::MeetingServiceClient,
    officer_service_client::OfficerServiceClient,
};
use huying_proto::evaluation::v1::{
    appeal_service_client::AppealServiceClient, callback_service_client::CallbackServiceClient,
    delegate_service_client::DelegateServiceClient, effect_service_client::EffectServiceClient,
    inquiry_service_client::InquiryServiceClient, overdue_service_client::OverdueServiceClient,
    profile_service_client::ProfileServiceClient, rate_service_client::RateServiceClient,
    rating_service_client::RatingServiceClient, round_service_client::RoundServiceClient,
    sign_service_client::SignServiceClient, topic_service_client::TopicServiceClient,
};
use huying_proto::intake::v1::{
    archive_service_client::ArchiveServiceClient, bond_service_client::BondServiceClient,
    card_service_client::CardServiceClient, forum_service_client::ForumServiceClient,
    handbook_service_client::HandbookServiceClient, offer_service_client::OfferServiceClient,
    person_service_client::PersonServiceClient, privacy_service_client::PrivacyServiceClient,
    request_service_client::RequestServiceClient, risk_service_client::RiskServiceClient,
    visit_service_client::VisitServiceClient,
};
use huying_proto::log::v1::log_service_client::LogServiceClient;
use huying_proto::routing::v1::{
    GetUnitRequest, Unit, directory_service_client::DirectoryServiceClient,
    learning_service_client::LearningServiceClient, route_service_client::RouteServiceClient,
    rule_service_client::RuleServiceClient,
};
use pbjson_types::Timestamp;

pub use news::{Cursor, follow};
pub use who::Who;

use crate::failure::{unavailable, wrong};
use crate::run_file::{District, RunFile};

/// Answers may be larger than what services take.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// What was said on the command line.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    pub data: PathBuf,
    /// `service` and where it is; over what the run file says.
    pub at: Vec<(String, String)>,
    pub token_file: Option<PathBuf>,
    /// Whom to trust, and what to show, where services speak TLS.
    pub tls: TlsConfig,
    /// Whether what is not on this machine may be reached unencrypted.
    pub plaintext: bool,
    /// The subject of minted tokens: who acts.
    pub actor: String,
    pub district: Option<String>,
}

impl Reach {
    /// # Errors
    /// What goes to `whom` would not be encrypted, and nothing says that it may.
    pub fn encrypts(&self, is_plain: bool, whom: &str) -> anyhow::Result<()> {
        if is_plain && !self.plaintext {
            return Err(wrong(
                format!("what goes to {whom} would not be encrypted, the token neither"),
                "write https:// (tls:// for NATS) and --ca-file FILE, or add --plaintext where something else encrypts it",
            ));
        }
        Ok(())
    }
}

/// What is no address is refused where it is used.
fn is_plain(url: &str) -> bool {
    url.parse::<url::Url>().is_ok_and(|url| url.scheme() != "https" && !huying_http::is_here(&url))
}

/// A way to all services.
pub struct Client {
    data: PathBuf,
    urls: BTreeMap<String, String>,
    auth: AuthConfig,
    tls: TlsConfig,
    token_file: Option<PathBuf>,
    key_file: PathBuf,
    /// How long a minted token may live; None: by its roles.
    token_life: Option<Duration>,
    actor: String,
    district: Option<String>,
    districts: Vec<District>,
    /// One set of connections for each role acted in.
    peers: Mutex<BTreeMap<String, Peers>>,
}

impl Client {
    /// Finds the services; connects to none yet.
    ///
    /// # Errors
    /// A run file that cannot be read, an address that a token would go to for everybody to read.
    pub fn open(reach: &Reach) -> anyhow::Result<Self> {
        for (service, url) in &reach.at {
            reach.encrypts(is_plain(url), service)?;
        }
        Ok(Self::over(reach, RunFile::read(&reach.data)?.unwrap_or_default()))
    }

    /// Over services known already.
    pub fn over(reach: &Reach, run: RunFile) -> Self {
        let mut urls: BTreeMap<String, String> =
            run.services.into_iter().map(|(name, addresses)| (name, addresses.grpc)).collect();
        urls.extend(reach.at.iter().cloned());
        let or = |text: String| {
            if text.is_empty() { "huying".to_owned() } else { text }
        };
        let auth = AuthConfig {
            issuer: or(run.issuer),
            audience: or(run.audience),
            token_file: reach.token_file.clone(),
            ..AuthConfig::default()
        };
        Self {
            data: reach.data.clone(),
            urls,
            auth,
            tls: shown(&reach.tls, run.tls.unwrap_or_default()),
            token_file: reach.token_file.clone(),
            key_file: run.key_file.unwrap_or_else(|| key_file(&reach.data)),
            token_life: run.token_life_s.map(Duration::from_secs),
            actor: reach.actor.clone(),
            district: reach.district.clone(),
            districts: run.districts,
            peers: Mutex::default(),
        }
    }

    /// The same, about the district that an area lies in where none is named.
    pub fn of_area(mut self, area: &str) -> Self {
        let found = self.districts.iter().find(|district| area.starts_with(&district.code));
        self.district = self.district.or_else(|| found.map(|district| district.code.clone()));
        self
    }

    /// The district a command is about.
    ///
    /// # Errors
    /// None given, and none known.
    pub fn district(&self) -> anyhow::Result<String> {
        if self.urls.is_empty() {
            return Err(self.nowhere("the services are"));
        }
        let first = || self.districts.first().map(|district| district.code.clone());
        self.district.clone().or_else(first).ok_or_else(|| {
            wrong(
                "no district is given",
                "add --district CODE (or set HUYING_DISTRICT), such as --district 420102",
            )
        })
    }

    /// An instant in the district's own time.
    pub fn when(&self, at: Option<&Timestamp>) -> String {
        at.and_then(|at| DateTime::from_timestamp(at.seconds, at.nanos.try_into().unwrap_or(0)))
            .map_or_else(String::new, |at| self.local(at, "%m-%d %H:%M"))
    }

    /// The zone that instants are shown in, by its name.
    pub fn zone(&self) -> &str {
        let chosen = self.districts.iter().find(|district| Some(&district.code) == self.district.as_ref());
        chosen.or_else(|| self.districts.first()).map_or("local", |district| &district.zone)
    }

    /// The same, in any shape.
    pub fn local(&self, at: DateTime<Utc>, shape: &str) -> String {
        match self.zone().parse().ok() {
            Some::<chrono_tz::Tz>(zone) => at.with_timezone(&zone).format(shape).to_string(),
            None => at.with_timezone(&chrono::Local).format(shape).to_string(),
        }
    }

    /// When a day begins in the district; where its first midnight is none, by that of UTC.
    pub fn begins(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let begins = match self.zone().parse().ok() {
            Some::<chrono_tz::Tz>(zone) => {
                zone.from_local_datetime(&midnight).earliest().map(|at| at.to_utc())
            }
            None => chrono::Local.from_local_datetime(&midnight).earliest().map(|at| at.to_utc()),
        };
        begins.unwrap_or_else(|| midnight.and_utc())
    }

    /// A way to one service, as somebody.
    ///
    /// # Errors
    /// No address, or no key and no token.
    pub fn channel(&self, service: &str, who: &Who) -> anyhow::Result<Peer> {
        if !self.urls.contains_key(service) {
            return Err(self.nowhere(&format!("{service} is")));
        }
        let mut known = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        let key = who.key();
        if !known.contains_key(&key) {
            known.insert(key.clone(), Peers::new(&self.urls, &self.tls, self.token(who)?)?);
        }
        let peers = known.get(&key).ok_or_else(|| anyhow::anyhow!("the connections of {key} are lost"))?;
        Ok(peers.channel(service)?)
    }

    fn nowhere(&self, what: &str) -> anyhow::Error {
        unavailable(
            format!("it is not known where {what}: nothing runs on {}", self.data.display()),
            "start it with `huying up`, name its data directory with --data, or addresses with --at SERVICE=http://HOST:PORT",
        )
    }

    fn token(&self, who: &Who) -> anyhow::Result<TokenSource> {
        if self.token_file.is_some() {
            return Ok(TokenSource::new("huying", &self.auth)?);
        }
        if matches!(who, Who::Nobody) {
            return Ok(TokenSource::none());
        }
        Ok(TokenSource::minted(self.issuer()?, who.claims(&self.actor)))
    }

    /// The local issuer.
    ///
    /// # Errors
    /// A key that is not there, or not ours to read.
    pub fn issuer(&self) -> anyhow::Result<Issuer> {
        if !self.key_file.is_file() {
            return Err(wrong(
                format!("there is no issuer's key at {}", self.key_file.display()),
                "start `huying up` there, name its data directory with --data, or show your own token with --token-file FILE",
            ));
        }
        Issuer::open(&self.key_file, &self.auth.issuer, &self.auth.audience)
    }

    /// The longest life that the services take of a token minted here.
    pub fn longest_life(&self, claims: &Claims) -> Duration {
        self.token_life.unwrap_or_else(|| Lives::default().of(&claims.roles))
    }

    /// A token for anyone.
    ///
    /// # Errors
    /// See [`Client::issuer`].
    pub fn mint(&self, claims: &Claims, ttl: Duration) -> anyhow::Result<String> {
        self.issuer()?.mint(claims, ttl)
    }

    pub fn requests(&self, who: &Who) -> anyhow::Result<RequestServiceClient<Peer>> {
        let client = RequestServiceClient::new(self.channel("intake", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn handbook(&self, who: &Who) -> anyhow::Result<HandbookServiceClient<Peer>> {
        let client = HandbookServiceClient::new(self.channel("intake", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn privacy(&self, who: &Who) -> anyhow::Result<PrivacyServiceClient<Peer>> {
        Ok(PrivacyServiceClient::new(self.channel("intake", who)?))
    }

    pub fn visits(&self, who: &Who) -> anyhow::Result<VisitServiceClient<Peer>> {
        let client = VisitServiceClient::new(self.channel("intake", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn archives(&self, who: &Who) -> anyhow::Result<ArchiveServiceClient<Peer>> {
        let client = ArchiveServiceClient::new(self.channel("intake", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn risks(&self, who: &Who) -> anyhow::Result<RiskServiceClient<Peer>> {
        let client = RiskServiceClient::new(self.channel("intake", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn cards(&self, who: &Who) -> anyhow::Result<CardServiceClient<Peer>> {
        let client = CardServiceClient::new(self.channel("intake", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn bonds(&self, who: &Who) -> anyhow::Result<BondServiceClient<Peer>> {
        let client = BondServiceClient::new(self.channel("intake", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn forums(&self, who: &Who) -> anyhow::Result<ForumServiceClient<Peer>> {
        let client = ForumServiceClient::new(self.channel("intake", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn persons(&self, who: &Who) -> anyhow::Result<PersonServiceClient<Peer>> {
        Ok(PersonServiceClient::new(self.channel("intake", who)?))
    }

    pub fn offers(&self, who: &Who) -> anyhow::Result<OfferServiceClient<Peer>> {
        let client = OfferServiceClient::new(self.channel("intake", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn routes(&self, who: &Who) -> anyhow::Result<RouteServiceClient<Peer>> {
        let client = RouteServiceClient::new(self.channel("routing", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn rules(&self, who: &Who) -> anyhow::Result<RuleServiceClient<Peer>> {
        let client = RuleServiceClient::new(self.channel("routing", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn learning(&self, who: &Who) -> anyhow::Result<LearningServiceClient<Peer>> {
        let client = LearningServiceClient::new(self.channel("routing", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn directory(&self, who: &Who) -> anyhow::Result<DirectoryServiceClient<Peer>> {
        let client = DirectoryServiceClient::new(self.channel("routing", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn cases(&self, who: &Who) -> anyhow::Result<CaseServiceClient<Peer>> {
        let client = CaseServiceClient::new(self.channel("casework", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn approvals(&self, who: &Who) -> anyhow::Result<ApprovalServiceClient<Peer>> {
        Ok(ApprovalServiceClient::new(self.channel("casework", who)?))
    }

    pub fn meetings(&self, who: &Who) -> anyhow::Result<MeetingServiceClient<Peer>> {
        Ok(MeetingServiceClient::new(self.channel("casework", who)?))
    }

    pub fn officers(&self, who: &Who) -> anyhow::Result<OfficerServiceClient<Peer>> {
        Ok(OfficerServiceClient::new(self.channel("casework", who)?))
    }

    /// An export may take its time.
    ///
    /// # Errors
    /// See [`Client::channel`].
    pub fn ledgers(&self, who: &Who) -> anyhow::Result<LedgerServiceClient<Peer>> {
        let client = LedgerServiceClient::new(self.channel("casework", who)?.open_ended());
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    /// Files may take their time.
    ///
    /// # Errors
    /// See [`Client::channel`].
    pub fn attachments(&self, who: &Who) -> anyhow::Result<AttachmentServiceClient<Peer>> {
        let client = AttachmentServiceClient::new(self.channel("casework", who)?.open_ended());
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn dispatches(&self, who: &Who) -> anyhow::Result<DispatchServiceClient<Peer>> {
        let client = DispatchServiceClient::new(self.channel("casework", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn callbacks(&self, who: &Who) -> anyhow::Result<CallbackServiceClient<Peer>> {
        let client = CallbackServiceClient::new(self.channel("evaluation", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn appeals(&self, who: &Who) -> anyhow::Result<AppealServiceClient<Peer>> {
        let client = AppealServiceClient::new(self.channel("evaluation", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    /// What reporters are asked.
    pub fn questions(&self, who: &Who) -> anyhow::Result<ProfileServiceClient<Peer>> {
        Ok(ProfileServiceClient::new(self.channel("evaluation", who)?))
    }

    pub fn rates(&self, who: &Who) -> anyhow::Result<RateServiceClient<Peer>> {
        let client = RateServiceClient::new(self.channel("evaluation", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn effects(&self, who: &Who) -> anyhow::Result<EffectServiceClient<Peer>> {
        Ok(EffectServiceClient::new(self.channel("evaluation", who)?))
    }

    pub fn overdue(&self, who: &Who) -> anyhow::Result<OverdueServiceClient<Peer>> {
        Ok(OverdueServiceClient::new(self.channel("evaluation", who)?))
    }

    /// A draw may take its time.
    ///
    /// # Errors
    /// See [`Client::channel`].
    pub fn rounds(&self, who: &Who) -> anyhow::Result<RoundServiceClient<Peer>> {
        let client = RoundServiceClient::new(self.channel("evaluation", who)?.open_ended());
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn topics(&self, who: &Who) -> anyhow::Result<TopicServiceClient<Peer>> {
        let client = TopicServiceClient::new(self.channel("evaluation", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn delegates(&self, who: &Who) -> anyhow::Result<DelegateServiceClient<Peer>> {
        let client = DelegateServiceClient::new(self.channel("evaluation", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn inquiries(&self, who: &Who) -> anyhow::Result<InquiryServiceClient<Peer>> {
        let client = InquiryServiceClient::new(self.channel("evaluation", who)?);
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    pub fn ratings(&self, who: &Who) -> anyhow::Result<RatingServiceClient<Peer>> {
        Ok(RatingServiceClient::new(self.channel("evaluation", who)?))
    }

    pub fn signs(&self, who: &Who) -> anyhow::Result<SignServiceClient<Peer>> {
        Ok(SignServiceClient::new(self.channel("evaluation", who)?))
    }

    /// A service's log and dead letters, as an operator.
    ///
    /// # Errors
    /// See [`Client::channel`].
    pub fn log(&self, service: &str) -> anyhow::Result<LogServiceClient<Peer>> {
        let client = LogServiceClient::new(self.channel(service, &Who::Operator)?.open_ended());
        Ok(client.max_decoding_message_size(LARGEST_ANSWER))
    }

    /// Whoever looks at things: a leader of the district.
    ///
    /// # Errors
    /// See [`Client::district`].
    pub fn reader(&self) -> anyhow::Result<Who> {
        Ok(Who::Leader { area: self.district()? })
    }

    /// A unit as routing knows it.
    ///
    /// # Errors
    /// Routing's refusal.
    pub async fn unit(&self, code: &str) -> anyhow::Result<Unit> {
        let request = GetUnitRequest { district: self.district()?, code: code.to_owned() };
        Ok(self.directory(&self.reader()?)?.get_unit(request).await?.into_inner())
    }

    /// Somebody who works in a unit.
    ///
    /// # Errors
    /// See [`Client::unit`].
    pub async fn of_unit(&self, code: &str) -> anyhow::Result<Who> {
        // With a token of one's own nothing needs to be known of the unit.
        if self.token_file.is_some() {
            return Ok(Who::Nobody);
        }
        Ok(Who::of_unit(&self.unit(code).await?))
    }
}

/// What was said on the command line, over what the run file says.
pub fn shown(said: &TlsConfig, run: TlsConfig) -> TlsConfig {
    let own = if said.cert_file.is_some() { said } else { &run };
    TlsConfig {
        ca_file: said.ca_file.clone().or(run.ca_file.clone()),
        cert_file: own.cert_file.clone(),
        key_file: own.key_file.clone(),
        ..TlsConfig::default()
    }
}

/// Where a data directory keeps the local issuer's key.
pub fn key_file(data: &Path) -> PathBuf {
    data.join("keys").join("issuer.pem")
}

/// A fresh idempotency key.
pub fn request_id() -> String {
    huying_chassis::id::new().to_string()
}
