//! Asking the second ports whether everything is there.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout_at};

use super::READY_WITHIN;
use crate::failure::unavailable;
use crate::run_file::Addresses;

const AGAIN: Duration = Duration::from_millis(20);
/// An answer is a line or two.
const LARGEST: u64 = 16 * 1024;

/// Asks one: is it ready, and what it said.
///
/// # Errors
/// Nobody there, or no such answer.
pub async fn ask(admin: &str) -> std::io::Result<(bool, String)> {
    let mut stream = TcpStream::connect(admin).await?;
    let asked = format!("GET /readyz HTTP/1.1\r\nHost: {admin}\r\nConnection: close\r\n\r\n");
    stream.write_all(asked.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(LARGEST).read_to_string(&mut answer).await?;
    let ready = answer.split_whitespace().nth(1) == Some("200");
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok((ready, body.trim().to_owned()))
}

/// Waits until all are ready.
pub(super) async fn wait(services: &BTreeMap<String, Addresses>) -> anyhow::Result<()> {
    let end = Instant::now() + READY_WITHIN;
    for (name, addresses) in services {
        let mut said = String::from("nobody answers");
        loop {
            match timeout_at(end, ask(&addresses.admin)).await {
                Ok(Ok((true, _))) => break,
                Ok(Ok((false, body))) => said = body,
                Ok(Err(error)) => said = error.to_string(),
                Err(_) => {
                    return Err(unavailable(
                        format!("{name} does not become ready: {said}"),
                        "run again with --log info and read what it says",
                    ));
                }
            }
            sleep(AGAIN).await;
        }
    }
    Ok(())
}
