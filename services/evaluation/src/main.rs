//! The evaluation service's own binary.

fn main() -> std::process::ExitCode {
    huying_chassis::service::main(
        huying_evaluation::NAME,
        huying_evaluation::DEFAULTS,
        huying_evaluation::start,
    )
}
