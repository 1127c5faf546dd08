//! The routing service on its own.

fn main() -> std::process::ExitCode {
    huying_routing::SERVICE.main()
}
