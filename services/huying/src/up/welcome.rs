//! What a newcomer reads when everything runs: addresses, how a token is minted, three lines to try. Nothing secret: a terminal is looked
//! at by others, and kept; nor is a token an argument, which every account of the machine sees.

use std::fmt::Write as _;
use std::path::Path;

use huying_chassis::config::TlsConfig;

use super::Running;

/// The text.
pub fn welcome(running: &Running, district: Option<&str>) -> String {
    let run = running.run();
    let mut text = format!("\nHuying is running. Its data is in {}.\n\n", running.data().display());
    for (name, addresses) in &run.services {
        let _ = writeln!(
            text,
            "  {name:<11} gRPC {:<28} metrics {}",
            addresses.grpc,
            addresses.admin_url("/metrics")
        );
    }
    if let (Some(url), Some(password)) = (&run.postgres_url, &run.postgres_password_file) {
        let url = url.replace("/postgres?", "/huying_intake?");
        let _ = writeln!(text, "  PostgreSQL  PGPASSWORD=$(cat {}) psql '{url}'", password.display());
    }
    if let Some(url) = &run.nats_url {
        let _ = writeln!(text, "  NATS        {url}");
    }
    let huying = program(running.data());
    if run.key_file.is_some() {
        let mint = format!("{huying} token --role leader --role operator --area city --ttl 8h");
        let _ = writeln!(
            text,
            "\na token of a leader who also operates it (huying token --help has others):\n  {mint}"
        );
    }
    let district = district.unwrap_or("420102");
    let how = run.tls.as_ref().map_or_else(|| "-plaintext".to_owned(), over_tls);
    let casework = run.services.get("casework").map_or("127.0.0.1:50053", |addresses| strip(&addresses.grpc));
    let _ = write!(
        text,
        "\ntry:\n  TOKEN=$({huying} token --role leader --area {district}) grpcurl {how} -expand-headers -H 'authorization: Bearer ${{TOKEN}}' \
         -d '{{\"district\":\"{district}\"}}' {casework} huying.casework.v1.CaseService/ListCases\n  \
         {huying} submit --channel online '路灯不亮了' --address '一元街道同兴社区胜利街158号'\n  \
         {huying} events tail --all\n"
    );
    text
}

/// How grpcurl is told whom to trust and what to show.
fn over_tls(tls: &TlsConfig) -> String {
    let files = [("-cacert", &tls.ca_file), ("-cert", &tls.cert_file), ("-key", &tls.key_file)];
    let named = files.iter().filter_map(|(flag, file)| Some(format!("{flag} {}", file.as_ref()?.display())));
    named.collect::<Vec<_>>().join(" ")
}

fn strip(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, address)| address)
}

/// How this very program is called again from here.
fn program(data: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let program = std::env::current_exe().unwrap_or_else(|_| "huying".into());
    let program = program.strip_prefix(&here).unwrap_or(&program).display().to_string();
    if data == Path::new(".data") { program } else { format!("{program} --data {}", data.display()) }
}
