//! An S3 on a free port of this machine, and a way to it.

use std::{fs, net::SocketAddr, path::Path};

use huying_objects::Settings;
use hyper_util::rt::{TokioExecutor, TokioIo};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tempfile::TempDir;
use tokio::net::TcpListener;

const BUCKET: &str = "evidence";
const SECRET: &str = "a secret of the test";

/// A secret as it stands in its file.
pub fn as_it_stands(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| error.to_string())
}

pub struct Emulator {
    pub dir: TempDir,
    pub address: SocketAddr,
}

impl Emulator {
    /// It runs as long as the test.
    pub async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("store");
        fs::create_dir_all(root.join(BUCKET)).unwrap();
        fs::write(dir.path().join("secret"), format!("{SECRET}\n")).unwrap();
        let mut builder = S3ServiceBuilder::new(s3s_fs::FileSystem::new(&root).unwrap());
        builder.set_auth(SimpleAuth::from_single("huying", SECRET));
        let service = builder.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let http = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                let service = service.clone();
                tokio::spawn(async move {
                    let _ = http.serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self { dir, address }
    }

    pub fn settings(&self) -> Settings {
        Settings {
            url: format!("http://{}", self.address),
            bucket: BUCKET.into(),
            region: "cn-wuhan-1".into(),
            access_key: "huying".into(),
            secret_key_file: self.dir.path().join("secret").display().to_string(),
            ..Settings::default()
        }
    }
}
