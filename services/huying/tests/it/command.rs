//! The command as somebody types it, against a running place.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

/// What comes of a command; `data`: the place's data directory.
pub async fn huying(data: &Path, arguments: &[&str]) -> Output {
    huying_told(data, arguments, "").await
}

/// The same, told that by standard input.
pub async fn huying_told(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_huying"));
    command.arg("--data").arg(data).args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let input = input.to_owned();
    let done = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn()?;
        // Most read nothing, and may have ended by now.
        let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
        child.wait_with_output()
    });
    done.await.unwrap().unwrap()
}

/// What a command that must succeed prints.
pub async fn said(data: &Path, arguments: &[&str]) -> String {
    let output = huying(data, arguments).await;
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}
