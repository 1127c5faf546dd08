//! The casework service on its own.

fn main() -> std::process::ExitCode {
    huying_chassis::service::main(huying_casework::NAME, huying_casework::DEFAULTS, huying_casework::start)
}
