//! Certificates for tests: an authority of its own, and what it signs, in files that go with it.

use std::fs;
use std::path::{Path, PathBuf};

use huying_chassis::config::TlsConfig;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    SanType, date_time_ymd,
};
use tempfile::TempDir;

/// What a name begins with that is an address of its own kind (`URI:`) and no host.
const URI: &str = "huying:";

pub struct Pki {
    dir: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Default for Pki {
    fn default() -> Self {
        Self::new()
    }
}

impl Pki {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        fs::write(dir.path().join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { dir, issuer: Issuer::new(params, key) }
    }

    /// Whom to trust: the authority's own certificate.
    pub fn ca(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// The files of a certificate for these names or addresses, which servers and clients may show, and of its key.
    pub fn certificate(&self, file: &str, names: &[&str]) -> (PathBuf, PathBuf) {
        self.signed(file, names, |_| {})
    }

    /// The same of one that was good until the year 2000.
    pub fn expired(&self, file: &str, names: &[&str]) -> (PathBuf, PathBuf) {
        self.until(file, names, (2000, 1, 1))
    }

    /// The same of one that is good until the beginning of this day (year, month, day).
    pub fn until(&self, file: &str, names: &[&str], (year, month, day): (i32, u8, u8)) -> (PathBuf, PathBuf) {
        self.signed(file, names, |params| params.not_after = date_time_ymd(year, month, day))
    }

    /// Settings that show a certificate for these names, and trust this authority's.
    pub fn trusting(&self, file: &str, names: &[&str]) -> TlsConfig {
        let (cert_file, key_file) = self.certificate(file, names);
        TlsConfig {
            cert_file: Some(cert_file),
            key_file: Some(key_file),
            ca_file: Some(self.ca()),
            ..TlsConfig::default()
        }
    }

    /// The same, which asks callers for certificates of this authority too.
    pub fn mutual(&self, file: &str, names: &[&str]) -> TlsConfig {
        TlsConfig { client_ca_file: Some(self.ca()), ..self.trusting(file, names) }
    }

    fn signed(
        &self,
        file: &str,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> (PathBuf, PathBuf) {
        let key = KeyPair::generate().unwrap();
        let (uris, hosts): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| name.starts_with(URI));
        let hosts: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(hosts).unwrap();
        params.subject_alt_names.extend(uris.iter().map(|uri| SanType::URI((*uri).try_into().unwrap())));
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut params);
        let certificate: Certificate = params.signed_by(&key, &self.issuer).unwrap();
        let [certificate_file, key_file] =
            ["pem", "key"].map(|kind| self.dir.path().join(format!("{file}.{kind}")));
        write(&certificate_file, &certificate.pem());
        write(&key_file, &key.serialize_pem());
        (certificate_file, key_file)
    }
}

/// Moved into place, as whoever renews it should.
fn write(path: &Path, text: &str) {
    let fresh = path.with_extension("new");
    fs::write(&fresh, text).unwrap();
    fs::rename(&fresh, path).unwrap();
}
