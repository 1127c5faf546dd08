//! Where settings come from: the compiled-in defaults (common, then the service's), the file, the
//! environment; the later wins. A secret may stand in a file of its own: `database_url_file` names it, in the file or the environment
//! (`HUYING_INTAKE__DATABASE_URL_FILE`), as docker and Kubernetes give their secrets. A key nobody knows is refused by its name and the place it stands in,
//! since a misspelt key is a setting that silently does nothing.

use std::path::Path;

use config::builder::DefaultState;
use config::{ConfigBuilder, File, FileFormat};
use serde::de::DeserializeOwned;

use super::secrets;
use super::{Config, ConfigError, Keys, Settings};

/// The common keys with their defaults and a comment each.
pub const BASE: &str = include_str!("../../config.default.toml");

type Builder = ConfigBuilder<DefaultState>;

/// One place settings were said in.
enum Source {
    Text { place: String, text: String },
    Variable { name: String, key: String, value: String },
}

/// `HUYING_INTAKE__` for `intake`.
pub fn env_prefix(service: &str) -> String {
    format!("HUYING_{}__", service.to_uppercase().replace('-', "_"))
}

/// Reads everything, later over earlier. Does not [`check`](Config::check): the caller may fill in
/// what it knows (the embedded database's address) before that.
pub fn load<Own: DeserializeOwned>(
    service: &str,
    defaults: &str,
    file: Option<&Path>,
    env: impl IntoIterator<Item = (String, String)>,
) -> Result<Config<Own>, ConfigError> {
    let sources = sources(service, defaults, file, env)?;
    let all = sources.iter().try_fold(Builder::default(), add)?;
    read(&all).map_err(|error| blame::<Own>(&sources).unwrap_or_else(|| refused("the configuration", &error)))
}

/// How the settings of a service are read: [`settings`] of the type of its own keys.
pub type ReadSettings = fn(&str, &str, Option<&Path>, Vec<(String, String)>) -> Result<Settings, ConfigError>;

/// As [`load()`], with the service's own keys kept for its wiring: so a process of several services can handle all their settings alike.
pub fn settings<Own: Keys>(
    service: &str,
    defaults: &str,
    file: Option<&Path>,
    env: Vec<(String, String)>,
) -> Result<Settings, ConfigError> {
    let mut config = load::<Own>(service, defaults, file, env)?;
    let wrong = config.service.wrong();
    if !wrong.is_empty() {
        return Err(ConfigError::Wrong(wrong));
    }
    let addresses = config.service.addresses().into_iter();
    config.own_addresses = addresses.map(|(key, url)| (key.to_owned(), url.to_owned())).collect();
    let authorities = config.service.authorities().into_iter();
    config.own_authorities = authorities.map(|(key, file)| (key, file.to_owned())).collect();
    let own = toml::Table::try_from(&config.service)
        .map_err(|error| ConfigError::wrong(format!("the own keys of {service} are no TOML: {error}")))?;
    Ok(config.with(|_| own))
}

fn sources(
    service: &str,
    defaults: &str,
    file: Option<&Path>,
    env: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<Source>, ConfigError> {
    let mut sources = vec![
        Source::Text { place: "the common defaults".to_owned(), text: BASE.to_owned() },
        Source::Text { place: format!("the defaults of {service}"), text: defaults.to_owned() },
    ];
    if let Some(path) = file {
        let place = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|cause| ConfigError::Unreadable { place: place.clone(), cause: cause.to_string() })?;
        let (text, found) = secrets::in_text(&place, text)?;
        sources.push(Source::Text { place, text });
        sources.extend(found.into_iter().map(Source::from));
    }
    let prefix = env_prefix(service);
    let mut variables: Vec<(String, String)> =
        env.into_iter().filter(|(name, _)| name.starts_with(&prefix)).collect();
    variables.sort();
    for (name, value) in variables {
        let key = name[prefix.len()..].to_lowercase().replace("__", ".");
        sources.push(
            secrets::in_file(&name, &key, &value)?
                .map_or(Source::Variable { name, key, value }, Source::from),
        );
    }
    Ok(sources)
}

/// What a secret's file says is said by where the file was named.
impl From<secrets::Found> for Source {
    fn from(secrets::Found { place, key, value }: secrets::Found) -> Self {
        Self::Variable { name: place, key, value }
    }
}

/// Variables are overrides: they win over every text, whatever the order.
fn add(builder: Builder, source: &Source) -> Result<Builder, ConfigError> {
    match source {
        Source::Text { text, .. } => Ok(builder.add_source(File::from_str(text, FileFormat::Toml))),
        Source::Variable { name, key, value } => builder
            .set_override(key.as_str(), value.as_str())
            .map_err(|_| ConfigError::Refused { place: name.clone(), what: "not a key".to_owned() }),
    }
}

fn read<Own: DeserializeOwned>(builder: &Builder) -> Result<Config<Own>, config::ConfigError> {
    builder.build_cloned()?.try_deserialize()
}

/// Adds the sources one by one: the first that cannot be read is the one to name.
fn blame<Own: DeserializeOwned>(sources: &[Source]) -> Option<ConfigError> {
    let mut builder = Builder::default();
    let mut first = true;
    for source in sources {
        builder = match add(builder, source) {
            Ok(builder) => builder,
            Err(error) => return Some(error),
        };
        // The common defaults alone lack what the service adds: only the service's own can be judged.
        if std::mem::take(&mut first) {
            continue;
        }
        if let Err(error) = read::<Own>(&builder) {
            return Some(in_words(source, &error));
        }
    }
    None
}

fn in_words(source: &Source, error: &config::ConfigError) -> ConfigError {
    let unknown = unknown_key(&error.to_string());
    match (source, unknown) {
        (Source::Variable { name, key, .. }, Some(_)) => {
            ConfigError::Refused { place: name.clone(), what: format!("there is no key {key}") }
        }
        // The value may be a secret: only the key is named.
        (Source::Variable { name, .. }, None) => {
            ConfigError::Refused { place: name.clone(), what: "the value does not fit this key".to_owned() }
        }
        (Source::Text { place, text }, Some(unknown)) => {
            let paths = paths_to(text, &unknown);
            let key = if paths.is_empty() { unknown } else { paths.join(" or ") };
            ConfigError::Refused { place: place.clone(), what: format!("there is no key {key}") }
        }
        (Source::Text { place, .. }, None) => refused(place, error),
    }
}

fn refused(place: &str, error: &config::ConfigError) -> ConfigError {
    ConfigError::Refused { place: place.to_owned(), what: error.to_string() }
}

/// serde says: unknown field `name`, expected …
fn unknown_key(message: &str) -> Option<String> {
    let rest = message.split_once("unknown field `")?.1;
    rest.split_once('`').map(|(name, _)| name.to_owned())
}

/// Every dotted path in a TOML text that ends in `name`.
fn paths_to(text: &str, name: &str) -> Vec<String> {
    fn walk(table: &toml::Table, above: &str, name: &str, found: &mut Vec<String>) {
        for (key, value) in table {
            let path = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
            if key == name {
                found.push(path.clone());
            }
            if let toml::Value::Table(inner) = value {
                walk(inner, &path, name, found);
            }
        }
    }
    let mut found = Vec::new();
    if let Ok(table) = text.parse::<toml::Table>() {
        walk(&table, "", name, &mut found);
    }
    found
}
