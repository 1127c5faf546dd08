//! The evaluation service on its own.

fn main() -> std::process::ExitCode {
    huying_evaluation::SERVICE.main()
}
