//! From the messages of an `events.proto` to the enum that its followers match on. A part of `build.rs`.

use protox::prost_reflect::DescriptorPool;

/// The events of one package, in the order they are declared.
pub struct Package {
    name: String,
    events: Vec<String>,
}

/// Every package with an `events.proto`. What its events share is called a `Ref`, and is none.
pub fn packages(pool: &DescriptorPool) -> Vec<Package> {
    let files = pool.files().filter(|file| file.name().ends_with("/events.proto"));
    let packages = files.map(|file| {
        let messages = file.messages().map(|message| message.name().to_owned());
        Package {
            name: file.package_name().to_owned(),
            events: messages.filter(|name| !name.ends_with("Ref")).collect(),
        }
    });
    packages.collect()
}

/// `EVENTS`: the full names of all events.
pub fn names(packages: &[Package]) -> String {
    let rows = packages.iter().flat_map(|package| {
        package.events.iter().map(|event| format!("    \"{}.{event}\",\n", package.name))
    });
    format!("pub const EVENTS: &[&str] = &[\n{}];\n", rows.collect::<String>())
}

impl Package {
    /// The generated file of the package.
    pub fn file(&self) -> String {
        format!("{}.events.rs", self.name)
    }

    /// `Event`, with a variant per event.
    pub fn module(&self) -> String {
        let lines = |line: &dyn Fn(&String) -> String| self.events.iter().map(line).collect::<String>();
        let variants = lines(&|event| format!("    {event}(Data<'a, super::{event}>),\n"));
        let arms = lines(&|event| {
            format!("            \"{}.{event}\" => Self::{event}(Data::new(data)),\n", self.name)
        });
        format!(
            "use crate::events::{{Data, Events}};

/// Every event of `{name}`.
#[derive(Debug)]
pub enum Event<'a> {{
{variants}}}

impl<'a> Events<'a> for Event<'a> {{
    fn of(name: &str, data: &'a str) -> Option<Self> {{
        Some(match name {{
{arms}            _ => return None,
        }})
    }}
}}
",
            name = self.name
        )
    }
}
