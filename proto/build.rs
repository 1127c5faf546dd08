//! Compiles the contracts with protox (no protoc needed), generates tonic services, prost messages and canonical proto3 JSON, the
//! table of who may call what, the enums of events, the trait of steps, and the list of packages: a new file is found by itself.

#[path = "build/access.rs"]
mod access;
#[path = "build/events.rs"]
mod events;
#[path = "build/head.rs"]
mod head;

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs, io,
    path::{Path, PathBuf},
};

use prost::Message;
use protox::{Compiler, prost_reflect::DescriptorPool};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=huying");
    let mut compiler = Compiler::new(["."])?;
    compiler.include_source_info(true).include_imports(true).open_files(contracts(Path::new("huying"))?)?;
    let bytes = compiler.encode_file_descriptor_set();
    #[allow(clippy::disallowed_methods, reason = "cargo speaks to build scripts by the environment")]
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("huying.descriptors"), &bytes)?;
    fs::write(out.join("access.rs"), table(&compiler.descriptor_pool())?)?;
    fs::write(out.join("head.rs"), head::implementations(&compiler.file_descriptor_set().file))?;
    fs::write(out.join("packages.rs"), packages(&compiler.descriptor_pool()))?;
    let packages = events::packages(&compiler.descriptor_pool());
    fs::write(out.join("events.rs"), events::names(&packages))?;
    for package in &packages {
        fs::write(out.join(package.file()), package.module())?;
    }
    // Events are told apart on the bus by their full names.
    let mut names = prost_build::Config::new();
    names.enable_type_names();
    // In the order of their keys: the same message has the same bytes, by which a repeated command is told.
    names.btree_map(["."]);
    tonic_prost_build::configure()
        .compile_well_known_types(true)
        .extern_path(".google.protobuf", "::pbjson_types")
        .compile_fds_with_config(compiler.file_descriptor_set(), names)?;
    let mut json = pbjson_build::Builder::new();
    json.register_descriptors(&bytes)?.ignore_unknown_fields().btree_map(["."]).build(&[".huying"])?;
    Ok(())
}

/// Every `.proto` in a folder and below it, always in the same order.
fn contracts(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(contracts(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// `packages! { casework "huying.casework.v1" events, … }`: what to make of each is up to who includes it.
fn packages(pool: &DescriptorPool) -> String {
    let mut rows = BTreeMap::new();
    for file in pool.files().filter(|file| file.package_name().starts_with("huying.")) {
        let row: &mut &str = rows.entry(file.package_name().to_owned()).or_default();
        if file.name().ends_with("/events.proto") {
            *row = " events";
        }
    }
    let rows = rows.iter().map(|(package, events)| {
        let module = package.trim_start_matches("huying.").trim_end_matches(".v1");
        format!("    {module} {package:?}{events},\n")
    });
    format!("packages! {{\n{}}}\n", rows.collect::<String>())
}

/// `ACCESS`: every rpc with what its option says.
fn table(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let roles = pool.get_enum_by_name("huying.common.v1.Role").ok_or("there is no huying.common.v1.Role")?;
    let role = |number| roles.get_value(number).map(|value| value.name().to_owned());
    let mut rows = String::new();
    for service in pool.services() {
        for method in service.methods() {
            let rpc = format!("/{}/{}", service.full_name(), method.name());
            let options = method.options().encode_to_vec();
            let streams = (method.is_client_streaming(), method.is_server_streaming());
            rows += &access::row(&rpc, &options, streams, role)?;
        }
    }
    Ok(format!("pub const ACCESS: &[Access] = &[\n{rows}];\n"))
}
