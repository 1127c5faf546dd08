//! When certificates end, told while there is time to renew them: as a gauge, and from [`WARNED`] days before on by one WARN line a day.
//!
//! Looked at are the files that the settings name, as they are now: this service's own certificate and the authorities that it believes,
//! of its listeners and callers, of NATS, of the issuer and of what its own settings name. What others show is looked at there.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use huying_http::tls::certificates;
use rustls::pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, Error::CertExpired, KeyUsage};

use crate::{
    auth::watched::Watched,
    clock::system_now,
    config::{ConfigError, NatsConfig, TlsConfig},
    gauges::OwnGauge,
    shutdown::Shutdown,
};

/// A certificate with fewer whole days left is warned of.
pub const WARNED: i64 = 14;
/// Between two warnings of the same file.
const AGAIN: TimeDelta = TimeDelta::days(1);
/// Between two looks whether there is one to be warned of.
const ROUND: Duration = Duration::from_secs(3600);
/// How often a file is looked at, at most.
const LOOK: Duration = Duration::from_secs(5);

/// Which of a file's certificates counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    /// A certificate with those between it and its authority: the first that ends breaks the chain.
    First,
    /// Authorities: an old one may stand beside the one that has followed it.
    Last,
}

/// What ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The setting that names the file.
    pub setting: &'static str,
    pub file: PathBuf,
    /// Whole days; 0 when it has ended.
    pub days: i64,
}

/// The files, and when what they hold ends.
pub struct Ends(Vec<File>);

struct File {
    setting: &'static str,
    path: PathBuf,
    counts: Counts,
    watched: Watched,
    known: Mutex<Known>,
}

struct Known {
    /// None: that cannot be read.
    end: Option<DateTime<Utc>>,
    warned: Option<DateTime<Utc>>,
}

impl Ends {
    /// `authorities`: further ones, each by its setting.
    ///
    /// # Errors
    /// Files that are not there or hold no certificate.
    pub fn new(
        tls: &TlsConfig,
        nats: &NatsConfig,
        authorities: &[(&'static str, PathBuf)],
    ) -> Result<Arc<Self>, ConfigError> {
        Self::looking_every(tls, nats, authorities, LOOK)
    }

    /// Looks at its files at most this often.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn looking_every(
        tls: &TlsConfig,
        nats: &NatsConfig,
        authorities: &[(&'static str, PathBuf)],
        every: Duration,
    ) -> Result<Arc<Self>, ConfigError> {
        let named = [
            ("tls.cert_file", &tls.cert_file, Counts::First),
            ("tls.ca_file", &tls.ca_file, Counts::Last),
            ("tls.client_ca_file", &tls.client_ca_file, Counts::Last),
            ("nats.certificate_file", &nats.certificate_file, Counts::First),
            ("nats.ca_file", &nats.ca_file, Counts::Last),
        ];
        let named =
            named.into_iter().filter_map(|(setting, path, counts)| Some((setting, path.as_ref()?, counts)));
        let further = authorities.iter().map(|(setting, path)| (*setting, path, Counts::Last));
        let files =
            named.chain(further).map(|(setting, path, counts)| File::open(setting, path, counts, every));
        let files: Result<Vec<File>, ConfigError> = files.collect();
        Ok(Arc::new(Self(files?)))
    }

    /// By setting, the whole days that are left; 0 when it has ended.
    pub fn left(&self, now: DateTime<Utc>) -> Vec<(&'static str, i64)> {
        self.0.iter().filter_map(|file| Some((file.setting, file.left(now)?))).collect()
    }

    /// What is to be warned of now: each file once a day.
    pub fn warnings(&self, now: DateTime<Utc>) -> Vec<Ending> {
        self.0.iter().filter_map(|file| file.warning(now)).collect()
    }

    /// The days that are left, for Prometheus and the doctor. By the machine's time, as TLS itself goes by it.
    pub fn gauges(self: &Arc<Self>) -> Vec<OwnGauge> {
        let own = Arc::clone(self);
        let days =
            |(setting, days): (&'static str, i64)| (setting.to_owned(), usize::try_from(days).unwrap_or(0));
        vec![OwnGauge {
            name: "huying_certificate_days_left",
            help: "Whole days until the certificates of a setting's file end; 0 when they have",
            label: "setting",
            read: Arc::new(move |_| own.left(system_now()).into_iter().map(days).collect()),
        }]
    }

    /// Warns until the stop.
    pub async fn keep(self: Arc<Self>, service: &'static str, stop: Shutdown) {
        loop {
            for Ending { setting, file, days } in self.warnings(system_now()) {
                let file = file.display();
                tracing::warn!(service, setting, %file, days, "what this file holds ends soon, or has ended: renew it, and move the new one into its place");
            }
            if !stop.pause(ROUND).await {
                return;
            }
        }
    }
}

impl File {
    fn open(
        setting: &'static str,
        path: &Path,
        counts: Counts,
        every: Duration,
    ) -> Result<Self, ConfigError> {
        let (watched, end) = Watched::open(path, every, |text| end_of(text, counts))
            .map_err(|error| ConfigError::wrong(format!("{setting} {}: {error}", path.display())))?;
        let known = Mutex::new(Known { end, warned: None });
        Ok(Self { setting, path: path.to_owned(), counts, watched, known })
    }

    fn left(&self, now: DateTime<Utc>) -> Option<i64> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(end) = self.watched.look(|text| end_of(text, self.counts)) {
            known.end = end;
        }
        known.end.map(|end| (end - now).num_days().max(0))
    }

    fn warning(&self, now: DateTime<Utc>) -> Option<Ending> {
        let days = self.left(now).filter(|days| *days < WARNED)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.warned.is_some_and(|before| now - before < AGAIN) {
            return None;
        }
        known.warned = Some(now);
        Some(Ending { setting: self.setting, file: self.path.clone(), days })
    }
}

/// When what a PEM text holds ends. None: none of it says so in a way that we can read.
fn end_of(text: &str, counts: Counts) -> Result<Option<DateTime<Utc>>, String> {
    let certificates = certificates(text.as_bytes())?;
    let ends = certificates.iter().filter_map(end);
    Ok(match counts {
        Counts::First => ends.min(),
        Counts::Last => ends.max(),
    })
}

/// webpki tells when a certificate ends where it refuses it for that. So it is asked about the end of all time, which it looks at first.
fn end(certificate: &CertificateDer<'_>) -> Option<DateTime<Utc>> {
    let never = UnixTime::since_unix_epoch(Duration::from_secs(u64::MAX));
    let certificate = EndEntityCert::try_from(certificate).ok()?;
    let usage = KeyUsage::server_auth();
    let refused = certificate.verify_for_usage(&[], &[], &[], never, usage, None, None).err()?;
    let CertExpired { not_after, .. } = refused else { return None };
    DateTime::from_timestamp(i64::try_from(not_after.as_secs()).ok()?, 0)
}
