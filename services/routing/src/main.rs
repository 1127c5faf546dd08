//! The routing service on its own.

fn main() -> std::process::ExitCode {
    huying_chassis::service::main(huying_routing::NAME, huying_routing::DEFAULTS, huying_routing::start)
}
