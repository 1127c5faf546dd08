//! The casework service on its own.

fn main() -> std::process::ExitCode {
    huying_casework::SERVICE.main()
}
