//! Of every service: it is compiled again when a migration is added.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
