//! The intake service on its own.

fn main() -> std::process::ExitCode {
    huying_chassis::service::main(huying_intake::NAME, huying_intake::DEFAULTS, huying_intake::start)
}
