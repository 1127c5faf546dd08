//! One service as a process of its own, for the tests that kill processes: it is the service that its own name (argv 0) says.

use std::process::ExitCode;

use huying::services;

fn main() -> ExitCode {
    let service = std::env::args().next().and_then(|name| services::named(&name));
    service.map_or(ExitCode::from(64), |service| service.main())
}
