//! A bucket over TLS, whose certificate and authority change while it is in use.

use std::{
    fs,
    sync::{Arc, Mutex},
};

use huying_http::tls::{Identity, provider};
use huying_objects::Settings;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use super::emulator::{Emulator, as_it_stands};

const HERE: &str = "127.0.0.1";

struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// A server that shows a certificate of this authority.
    fn server(&self) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![HERE.to_owned()]).unwrap();
        let chain = params.signed_by(&key, &self.issuer).unwrap().pem();
        let Identity { chain, key } =
            Identity::read(chain.as_bytes(), key.serialize_pem().as_bytes()).unwrap();
        let builder = ServerConfig::builder_with_provider(provider());
        let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        Arc::new(builder.with_single_cert(chain, key).unwrap())
    }
}

/// Where the emulator is reached over TLS, with what is set up at that moment.
async fn encrypted(emulator: &Emulator, shown: Arc<Mutex<Arc<ServerConfig>>>) -> String {
    let (listener, behind) = (TcpListener::bind((HERE, 0)).await.unwrap(), emulator.address);
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let config = shown.lock().unwrap().clone();
            // Whoever does not believe the certificate has hung up.
            let Ok(mut outside) = TlsAcceptor::from(config).accept(stream).await else { continue };
            let mut inside = TcpStream::connect(behind).await.unwrap();
            let _ = copy_bidirectional(&mut outside, &mut inside).await;
        }
    });
    url
}

#[tokio::test]
async fn another_authority_counts_once_it_is_moved_into_its_place() {
    let (emulator, first, second) = (Emulator::start().await, Authority::new(), Authority::new());
    let file = emulator.dir.path().join("ca.pem");
    fs::write(&file, &first.pem).unwrap();
    let shown = Arc::new(Mutex::new(first.server()));
    let url = encrypted(&emulator, Arc::clone(&shown)).await;
    let settings = Settings { url, ca_file: file.display().to_string(), ..emulator.settings() };
    let objects = settings.open(as_it_stands).unwrap();
    objects.look().await.unwrap();

    fs::write(&file, "half of a file").unwrap();
    objects.look().await.unwrap();
    *shown.lock().unwrap() = second.server();
    assert!(objects.look().await.is_err(), "nobody whom it believes has signed that");
    fs::write(&file, &second.pem).unwrap();
    objects.look().await.unwrap();
}
