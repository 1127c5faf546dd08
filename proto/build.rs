//! Compiles the contracts with protox (no protoc needed), generates tonic services, prost messages and canonical proto3 JSON.

use std::{env, fs, path::PathBuf};

use prost::Message;

const FILES: [&str; 10] = [
    "huying/common/v1/common.proto",
    "huying/log/v1/log.proto",
    "huying/intake/v1/intake.proto",
    "huying/intake/v1/events.proto",
    "huying/routing/v1/routing.proto",
    "huying/routing/v1/events.proto",
    "huying/casework/v1/casework.proto",
    "huying/casework/v1/events.proto",
    "huying/evaluation/v1/evaluation.proto",
    "huying/evaluation/v1/events.proto",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=huying");
    let descriptors = protox::compile(FILES, ["."])?;
    let bytes = descriptors.encode_to_vec();
    #[allow(clippy::disallowed_methods, reason = "cargo speaks to build scripts by the environment")]
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("huying.descriptors"), &bytes)?;
    // Events are told apart on the bus by their full names.
    let mut names = prost_build::Config::new();
    names.enable_type_names();
    tonic_prost_build::configure()
        .compile_well_known_types(true)
        .extern_path(".google.protobuf", "::pbjson_types")
        .compile_fds_with_config(descriptors, names)?;
    pbjson_build::Builder::new().register_descriptors(&bytes)?.ignore_unknown_fields().build(&[".huying"])?;
    Ok(())
}
