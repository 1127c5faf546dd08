//! From the messages of an `events.proto` to the enum that its followers match on. A part of `build.rs`.

use protox::prost_reflect::{DescriptorPool, Kind, MessageDescriptor};

/// The events of one package, in the order they are declared.
pub struct Package {
    name: String,
    events: Vec<String>,
    /// What events of one kind share, and those events.
    kinds: Vec<(String, Vec<String>)>,
}

/// Every package with an `events.proto`. What the events of one kind share is called a `Ref`, and is none; it is their first field.
pub fn packages(pool: &DescriptorPool) -> Vec<Package> {
    let files = pool.files().filter(|file| file.name().ends_with("/events.proto"));
    let packages = files.map(|file| {
        let named = |of: &dyn Fn(&MessageDescriptor) -> bool| {
            file.messages().filter(of).map(|message| message.name().to_owned()).collect::<Vec<_>>()
        };
        let shared = named(&|message| message.name().ends_with("Ref"));
        let kinds = shared.into_iter().map(|shared| (named(&|event| first(event) == shared), shared));
        Package {
            name: file.package_name().to_owned(),
            events: named(&|message| !message.name().ends_with("Ref")),
            kinds: kinds.map(|(events, shared)| (shared.replace("Ref", "Event"), events)).collect(),
        }
    });
    packages.collect()
}

/// The message that the first field of a message is; empty: it is none.
fn first(message: &MessageDescriptor) -> String {
    let kind = message.get_field(1).map(|field| field.kind());
    kind.as_ref().and_then(Kind::as_message).map_or_else(String::new, |shared| shared.name().to_owned())
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

    /// `Event` with a variant per event, and for each kind the same of its own: `CaseEvent`.
    pub fn module(&self) -> String {
        let all = self.one("Event", &self.events);
        let kinds = self.kinds.iter().map(|(name, events)| self.one(name, events));
        format!("use crate::events::{{Data, Events}};\n{all}{}", kinds.collect::<String>())
    }

    fn one(&self, enumeration: &str, events: &[String]) -> String {
        let lines = |line: &dyn Fn(&String) -> String| events.iter().map(line).collect::<String>();
        let variants = lines(&|event| format!("    {event}(Data<'a, super::{event}>),\n"));
        let arms = lines(&|event| {
            format!("            \"{}.{event}\" => Self::{event}(Data::new(data)),\n", self.name)
        });
        format!(
            "
/// Events of `{name}`.
#[derive(Debug)]
pub enum {enumeration}<'a> {{
{variants}}}

impl<'a> Events<'a> for {enumeration}<'a> {{
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
