//! The intake service on its own.

fn main() -> std::process::ExitCode {
    huying_intake::SERVICE.main()
}
