//! From the option beside an rpc to its row in the table of who may call what. A part of `build.rs`, and of the test of what it refuses.

use prost::Message;

/// An rpc's options, of which only ours counts here: prost-types forgets what it has no field for.
#[derive(Clone, PartialEq, Message)]
pub struct Options {
    #[prost(message, optional, tag = "50001")]
    pub access: Option<Access>,
}

/// `huying.common.v1.Access`, as `access.proto` has it.
#[derive(Clone, PartialEq, Message)]
pub struct Access {
    #[prost(int32, repeated, tag = "1")]
    pub callers: Vec<i32>,
    #[prost(bool, tag = "2")]
    pub anyone: bool,
    #[prost(string, repeated, tag = "3")]
    pub steps: Vec<String>,
    #[prost(string, repeated, tag = "4")]
    pub services: Vec<String>,
    #[prost(uint32, tag = "5")]
    pub max_bytes: u32,
    #[prost(uint32, tag = "6")]
    pub body_seconds: u32,
    #[prost(uint32, tag = "7")]
    pub streams: u32,
}

/// What a caller is that the services of an rpc name.
const SERVICE: &str = "Role::Service";

/// The row of `rpc`, which takes or gives a stream; `role` tells the name of a role's number, such as `ROLE_DESK`.
///
/// # Errors
/// An rpc that does not say who may call it, or says two things.
pub fn row(
    rpc: &str,
    options: &[u8],
    (takes_stream, gives_stream): (bool, bool),
    role: impl Fn(i32) -> Option<String>,
) -> Result<String, String> {
    let options = Options::decode(options).map_err(|error| format!("{rpc}: {error}"))?;
    let Some(access) = options.access else {
        return Err(format!("{rpc} does not say who may call it: option (huying.common.v1.access)"));
    };
    let declared = match (access.anyone, access.callers.as_slice(), access.services.as_slice()) {
        (true, [], []) => format!("Access::anyone({rpc:?})"),
        (true, ..) => return Err(format!("{rpc} is for anyone and for some only")),
        (false, [], []) => return Err(format!("{rpc} may be called by nobody")),
        (false, numbers, services) => {
            let roles: Option<Vec<String>> = numbers.iter().map(|number| variant(&role(*number)?)).collect();
            let mut roles = roles.ok_or_else(|| format!("{rpc} names a role that is none"))?;
            if roles.iter().any(|role| role == SERVICE) {
                return Err(format!("{rpc} is for every service: name those that call it in `services`"));
            }
            roles.extend((!services.is_empty()).then(|| SERVICE.to_owned()));
            format!("Access::roles({rpc:?}, &[{}])", roles.join(", "))
        }
    };
    let services =
        if access.services.is_empty() { String::new() } else { format!(".services(&{:?})", access.services) };
    if access.streams != 0 && !gives_stream {
        return Err(format!("{rpc} bounds the streams of a caller and answers with none"));
    }
    let takes = if takes_stream { ".client_streaming()" } else { "" };
    let gives = if gives_stream { ".streaming()" } else { "" };
    let steps = if access.steps.is_empty() { String::new() } else { format!(".asking(&{:?})", access.steps) };
    let caps = caps(&access);
    Ok(format!("    {declared}{takes}{gives}{steps}{services}{caps},\n"))
}

/// What is not as usual.
fn caps(access: &Access) -> String {
    let caps =
        [("bytes", access.max_bytes), ("body_seconds", access.body_seconds), ("streams", access.streams)];
    let said = caps.into_iter().filter(|(_, cap)| *cap != 0);
    said.map(|(name, cap)| format!(".{name}({cap})")).collect()
}

/// `ROLE_DESK`, as prost calls it in Rust: `Role::Desk`.
fn variant(name: &str) -> Option<String> {
    let word = name.strip_prefix("ROLE_").filter(|word| *word != "UNSPECIFIED")?;
    Some(format!("Role::{}{}", word.get(..1)?, word.get(1..)?.to_lowercase()))
}
