//! `huying token`: mints a token with the local issuer's key.

use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use huying_chassis::auth::{Claims, Reach, Role, person};
use huying_proto::intake::v1::Channel;
use serde_json::json;

use super::Session;
use crate::failure::wrong;
use crate::words::{Word, parser};

/// What to do about an area or a unit that no service would take.
const FIX: &str = "write --area CODE, with the code of a district or less where --unit is given";

const USUAL: Duration = Duration::from_secs(3600);
/// What to do about a life that is too long.
const LONGER: &str = "give a shorter --ttl; for the tokens of its own issuer `huying up` takes HUYING_<SERVICE>__AUTH__LOCAL_LIFE_S";

/// Mint a token with the local key, for grpcurl or a program under test
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying token --role platform --subject platform:app --area 420102 --door online --door hotline
  huying token --role officer --unit G-420102003002001 --area 420102003002 --subject wangxiuying --name 王秀英 --ttl 8h
  huying token --role department --unit DEP-yuanlin --area 420102 --ttl 30m
  TOKEN=$(huying token --role operator --area city) grpcurl -plaintext -expand-headers -H 'authorization: Bearer ${TOKEN}' 127.0.0.1:50053 list

a token in an argument is seen by every account of the machine; -expand-headers lets grpcurl take it from its environment")]
pub struct Token {
    /// What the bearer is (repeat for several)
    #[arg(long, required = true, value_name = "ROLE", value_parser = role())]
    role: Vec<Role>,
    /// The unit the bearer works for, one of the district that the area lies in
    #[arg(long, value_name = "CODE", requires = "area")]
    unit: Option<String>,
    /// The area the bearer works in: a code of 4, 6, 9, 12 or 15 digits, or city for everything; without it the token reaches nothing
    #[arg(long, value_name = "CODE")]
    area: Option<String>,
    /// A door that a platform may send by (repeat for several)
    #[arg(long, value_name = "CHANNEL", value_parser = parser::<Channel>())]
    door: Vec<Channel>,
    /// How long it is good: a number with s, m, h or d; 1h if not given, or less where services take less
    #[arg(long, value_name = "TIME", value_parser = span)]
    ttl: Option<Duration>,
    /// Who the bearer is; --actor if not given
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// What the person is called, for histories: at most 64 characters
    #[arg(long, value_name = "TEXT", value_parser = name)]
    name: Option<String>,
}

impl Token {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let subject = self.subject.unwrap_or_else(|| session.reach.actor.clone());
        let mut claims = Claims::new(subject, self.role);
        claims.name = self.name;
        if let Some(unit) = self.unit {
            claims = claims.unit(unit);
        }
        if let Some(area) = self.area {
            claims = claims.area(area);
        }
        Reach::parse(claims.area.as_deref(), claims.unit.as_deref()).map_err(|what| wrong(what, FIX))?;
        let claims = claims.doors(self.door.into_iter().map(Word::english));
        let client = session.client()?;
        let longest = client.longest_life(&claims);
        let ttl = self.ttl.unwrap_or(USUAL.min(longest));
        if ttl > longest {
            let what = format!(
                "no service takes a token of these roles that lives longer than {} s",
                longest.as_secs()
            );
            return Err(wrong(what, LONGER));
        }
        let token = client.mint(&claims, ttl)?;
        session.out.event(&json!({ "token": token }), |_| token.clone())
    }
}

fn role() -> impl TypedValueParser<Value = Role> {
    let names = Role::ALL.iter().map(|role| role.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Role>())
}

fn name(text: &str) -> Result<String, String> {
    person(text).ok_or_else(|| "a name has 1 to 64 characters, none of them a control character".to_owned())
}

/// At most 30 days: no setting takes more.
fn span(text: &str) -> Result<Duration, String> {
    let wrong = || format!("'{text}' is no time: write a number with s, m, h or d, such as 30m, at most 30d");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let time =
        number.checked_mul(seconds).filter(|time| (1..=30 * 86_400).contains(time)).ok_or_else(wrong)?;
    Ok(Duration::from_secs(time))
}
