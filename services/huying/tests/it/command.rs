//! The command as somebody types it, against a running place.

use std::{
    path::Path,
    process::{Command, Output},
};

/// What comes of a command; `data`: the place's data directory.
pub async fn huying(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_huying"));
    command.arg("--data").arg(data).args(arguments);
    tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap()
}

/// What a command that must succeed prints.
pub async fn said(data: &Path, arguments: &[&str]) -> String {
    let output = huying(data, arguments).await;
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}
