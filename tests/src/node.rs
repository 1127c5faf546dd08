//! One service as a process of its own, for the tests that kill processes: it is the service that its own name (argv 0) says.

use std::process::ExitCode;

use huying_chassis::service::main as serve;

fn main() -> ExitCode {
    match std::env::args().next().as_deref() {
        Some(huying_intake::NAME) => {
            serve(huying_intake::NAME, huying_intake::DEFAULTS, huying_intake::start)
        }
        Some(huying_routing::NAME) => {
            serve(huying_routing::NAME, huying_routing::DEFAULTS, huying_routing::start)
        }
        Some(huying_casework::NAME) => {
            serve(huying_casework::NAME, huying_casework::DEFAULTS, huying_casework::start)
        }
        Some(huying_evaluation::NAME) => {
            serve(huying_evaluation::NAME, huying_evaluation::DEFAULTS, huying_evaluation::start)
        }
        Some(_) | None => ExitCode::from(64),
    }
}
