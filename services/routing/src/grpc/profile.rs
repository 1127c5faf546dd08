//! `ProfileService`: a profile from the wire, with bounds of every list and text, codes and values; then whether its parts make sense together.
//! Everything that is wrong is named at once.

use huying_chassis::{auth::Caller, log::Meta, status::Problem, validate::Violations};
use huying_proto::{
    common::v1 as common,
    routing::v1::{self as pb, profile_service_server::ProfileService},
};
use huying_terms::{AreaCode, Point, Tier};
use huying_wire::{calendar, limit, priority, priority_kind, tier, unit_kind};
use strum::VariantArray as _;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::Rpc;
use crate::{
    convert,
    domain::{
        danger::{Danger, DangerWords},
        decision::{Demands, Verifier},
        force::GridForce,
        people::PeopleWords,
        profile::{
            Area, AuthorityRule, Boundary, Category, Condition, ConditionLimit, DefaultLimit, Directory,
            KeywordRule, Place, Road, RoadSide, Says, TriageLimit, TriageRules, TriageRung, Unit,
        },
    },
};

#[tonic::async_trait]
impl ProfileService for Rpc {
    async fn apply_profile(
        &self,
        request: Request<pb::ApplyProfileRequest>,
    ) -> Result<Response<pb::ApplyProfileResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let Apply { request_id, directory, dry_run } = apply(request.clone())?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let warnings = directory.warnings();
        let (outcome, swept) = self.app.apply_profile(directory, dry_run, &caller.reach, &meta).await?;
        Ok(Response::new(pb::ApplyProfileResponse {
            version: outcome.version,
            differences: outcome.differences,
            changed: u32::try_from(swept.changed).unwrap_or(u32::MAX),
            unfinished: swept.unfinished,
            warnings,
        }))
    }
}

/// What would be refused of a profile, asked before it is sent.
///
/// # Errors
/// As [`apply`].
pub fn check(profile: pb::RoutingProfile) -> Result<(), Problem> {
    read(profile).map(drop)
}

/// What a profile would be taken with, though it should be known.
///
/// # Errors
/// As [`apply`].
pub fn warnings(profile: pb::RoutingProfile) -> Result<Vec<String>, Problem> {
    Ok(read(profile)?.warnings())
}

/// A profile, checked whole.
///
/// # Errors
/// As [`apply`].
pub fn read(profile: pb::RoutingProfile) -> Result<Directory, Problem> {
    let request_id = huying_chassis::id::new().to_string();
    Ok(apply(pb::ApplyProfileRequest { request_id, profile: Some(profile), dry_run: true })?.directory)
}

/// An apply, ready to be taken.
pub struct Apply {
    pub request_id: Uuid,
    pub directory: Directory,
    pub dry_run: bool,
}

/// Checks an apply whole.
///
/// # Errors
/// `BAD_FIELD`, naming each violation.
pub fn apply(request: pb::ApplyProfileRequest) -> Result<Apply, Problem> {
    let mut reader = Reader::default();
    let request_id = reader.v.uuid("request_id", &request.request_id);
    let profile = request.profile.unwrap_or_default();
    let directory = reader.directory(&profile);
    // Whether the parts fit together is asked only of parts that are well-formed.
    if let Some(directory) = directory.as_ref().filter(|_| reader.v.is_empty()) {
        for violation in directory.check() {
            reader.v.add(format!("profile.{}", violation.field), violation.what);
        }
    }
    reader.v.finish()?;
    let missing = || Problem::bug(anyhow::anyhow!("a well-formed profile makes no directory"));
    Ok(Apply { request_id, directory: directory.ok_or_else(missing)?, dry_run: request.dry_run })
}

/// Reads the parts, noting what is wrong. What gives none has been noted.
#[derive(Default)]
struct Reader {
    v: Violations,
}

impl Reader {
    fn directory(&mut self, profile: &pb::RoutingProfile) -> Option<Directory> {
        let district = self.area_code("profile.district", &profile.district);
        if let Some(district) = &district {
            let top = matches!(district.tier(), Tier::District | Tier::Street);
            self.v.require("profile.district", top, "must be a district, or a town that has none above it");
        }
        let danger = profile.danger.as_ref();
        let danger_words = danger.map_or(&[][..], |it| it.words.as_slice());
        Some(Directory {
            areas: self.all("profile.areas", &profile.areas, 1..=50_000, Self::area),
            units: self.all("profile.units", &profile.units, 1..=50_000, Self::unit),
            categories: self.all("profile.categories", &profile.categories, 1..=5000, Self::category),
            rules: self.all("profile.rules", &profile.rules, 0..=5000, Self::rule),
            boundaries: self.all("profile.boundaries", &profile.boundaries, 0..=50_000, Self::boundary),
            defaults: self.all("profile.defaults", &profile.defaults, 1..=3, Self::default_limit),
            places: self.all("profile.places", &profile.places, 0..=20_000, Self::place),
            conditions: self.all("profile.conditions", &profile.conditions, 0..=200, Self::condition),
            condition_limits: self.all(
                "profile.condition_limits",
                &profile.condition_limits,
                0..=10_000,
                Self::condition_limit,
            ),
            authority: self.all("profile.authority", &profile.authority, 0..=1000, Self::authority),
            learned_percent: Some(profile.learned_percent).filter(|percent| *percent > 0),
            things: self.words("profile.things", &profile.things, 0..=1000),
            dangers: self.all("profile.danger.words", danger_words, 0..=100, Self::danger_words),
            danger_resolve: danger
                .and_then(|it| it.resolve)
                .and_then(|it| limit::check(&mut self.v, "profile.danger.resolve", Some(it))),
            within: self.names("profile.within", &profile.within, 5),
            elsewhere: self.names("profile.elsewhere", &profile.elsewhere, 1000),
            roads: self.all("profile.roads", &profile.roads, 0..=20_000, Self::road),
            triage: profile.triage.as_ref().map(|it| self.triage("profile.triage", it)),
            priority_people: self.all(
                "profile.priority_people",
                &profile.priority_people,
                0..=100,
                Self::people_words,
            ),
            forces: self.all("profile.forces", &profile.forces, 0..=20_000, Self::force),
            team: self.words("profile.team", &profile.team, 0..=30),
            calendar: calendar::check(&mut self.v, "profile.calendar", profile.calendar.as_ref())?,
            district: district?,
        })
    }

    /// A bounded list, item by item.
    fn all<P, D>(
        &mut self,
        field: &str,
        items: &[P],
        length: std::ops::RangeInclusive<usize>,
        read: impl Fn(&mut Self, &str, &P) -> Option<D>,
    ) -> Vec<D> {
        let most = *length.end();
        self.v.list_len(field, items.len(), length);
        let items = items.iter().take(most).enumerate();
        items.filter_map(|(at, item)| read(self, &format!("{field}[{at}]"), item)).collect()
    }

    fn area(&mut self, at: &str, it: &pb::Area) -> Option<Area> {
        let name = self.v.line(&format!("{at}.name"), &it.name, 1..=100);
        let parent = match it.parent.as_str() {
            "" => None,
            code => Some(self.area_code(&format!("{at}.parent"), code)?),
        };
        let tier = tier::check(&mut self.v, &format!("{at}.tier"), it.tier);
        Some(Area {
            code: self.area_code(&format!("{at}.code"), &it.code)?,
            name,
            tier: tier?,
            parent,
            former_codes: self.all(
                &format!("{at}.former_codes"),
                &it.former_codes,
                0..=50,
                |reader, at, code: &String| reader.area_code(at, code),
            ),
            former_names: self.names(&format!("{at}.former_names"), &it.former_names, 50),
        })
    }

    fn unit(&mut self, at: &str, it: &pb::Unit) -> Option<Unit> {
        self.v.token(&format!("{at}.code"), &it.code, 1..=64);
        let name = self.v.line(&format!("{at}.name"), &it.name, 1..=100);
        self.v.token(&format!("{at}.superior"), &it.superior, 0..=64);
        let chair = self.v.line(&format!("{at}.chair"), &it.chair, 0..=100);
        let class = self.v.line(&format!("{at}.class"), &it.class, 0..=100);
        let members = self.codes(&format!("{at}.members"), &it.members, 30);
        let kind = unit_kind::check(&mut self.v, &format!("{at}.kind"), it.kind);
        let tier = tier::check(&mut self.v, &format!("{at}.tier"), it.tier);
        Some(Unit {
            area: self.area_code(&format!("{at}.area"), &it.area)?,
            code: it.code.clone(),
            name,
            kind: kind?,
            tier: tier?,
            superior: some(&it.superior),
            members,
            chair,
            class,
        })
    }

    fn category(&mut self, at: &str, it: &pb::Category) -> Option<Category> {
        self.v.token(&format!("{at}.code"), &it.code, 1..=40);
        let name = self.v.line(&format!("{at}.name"), &it.name, 1..=100);
        let standard = self.v.line(&format!("{at}.standard"), &it.standard, 0..=100);
        let major = self.v.line(&format!("{at}.major"), &it.major, 0..=100);
        self.v.token(&format!("{at}.lead"), &it.lead, 0..=64);
        let departments = self.codes(&format!("{at}.departments"), &it.departments, 9);
        let authority = tier::check(&mut self.v, &format!("{at}.authority"), it.authority);
        let priority = priority::check(&mut self.v, &format!("{at}.priority"), it.priority);
        let respond = it.respond.and_then(|it| limit::check(&mut self.v, &format!("{at}.respond"), Some(it)));
        let resolve = it.resolve.and_then(|it| limit::check(&mut self.v, &format!("{at}.resolve"), Some(it)));
        Some(Category {
            code: it.code.clone(),
            name,
            standard,
            major,
            authority: authority?,
            lead: some(&it.lead),
            departments,
            priority: priority?,
            respond,
            resolve,
            scopes: self.codes(&format!("{at}.scopes"), &it.scopes, 8),
        })
    }

    fn authority(&mut self, at: &str, it: &pb::AuthorityRule) -> Option<AuthorityRule> {
        let line = self.v.line(&format!("{at}.line"), &it.line, 1..=100);
        self.v.token(&format!("{at}.scope"), &it.scope, 0..=40);
        self.v.token(&format!("{at}.condition"), &it.condition, 0..=40);
        self.v.token(&format!("{at}.lead"), &it.lead, 0..=64);
        let known_to = match it.tier {
            0 => None,
            given => Some(tier::check(&mut self.v, &format!("{at}.tier"), given)?),
        };
        let joins = self.codes(&format!("{at}.joins"), &it.joins, 9);
        let demands = it.demands.clone().unwrap_or_default();
        let evidence = self.codes(&format!("{at}.demands.evidence"), &demands.evidence, 4);
        self.v.token(&format!("{at}.demands.verifier"), &demands.verifier, 0..=64);
        let mut limit = |name: &str, limit| {
            let limit = Some(limit?);
            limit::check(&mut self.v, &format!("{at}.{name}"), limit)
        };
        let (respond, resolve) = (limit("respond", it.respond), limit("resolve", it.resolve));
        let starts = tier::check(&mut self.v, &format!("{at}.starts"), it.starts);
        let disposes = tier::check(&mut self.v, &format!("{at}.disposes"), it.disposes);
        let verified =
            demands.verified.then(|| some(&demands.verifier).map_or(Verifier::Superior, Verifier::Unit));
        Some(AuthorityRule {
            line,
            scope: some(&it.scope),
            condition: some(&it.condition),
            tier: known_to,
            says: Says {
                starts: starts?,
                disposes: disposes?,
                lead: some(&it.lead),
                joins,
                demands: Demands { evidence, verified },
                respond,
                resolve,
            },
        })
    }

    fn rule(&mut self, at: &str, it: &pb::KeywordRule) -> Option<KeywordRule> {
        self.v.token(&format!("{at}.category"), &it.category, 1..=40);
        self.v.range(&format!("{at}.weight"), it.weight, 1..=100);
        let priority = match it.priority {
            0 => None,
            given => Some(priority::check(&mut self.v, &format!("{at}.priority"), given)?),
        };
        Some(KeywordRule {
            category: it.category.clone(),
            all: self.words(&format!("{at}.all"), &it.all, 0..=8),
            any: self.words(&format!("{at}.any"), &it.any, 0..=32),
            none: self.words(&format!("{at}.none"), &it.none, 0..=16),
            weight: it.weight,
            priority,
        })
    }

    fn boundary(&mut self, at: &str, it: &pb::Boundary) -> Option<Boundary> {
        let ring = self.ring(&format!("{at}.ring"), &it.ring);
        let hole = |reader: &mut Self, at: &str, hole: &pb::Ring| Some(reader.ring(at, &hole.points));
        let holes = self.all(&format!("{at}.holes"), &it.holes, 0..=100, hole);
        Some(Boundary { area: self.area_code(&format!("{at}.area"), &it.area)?, ring, holes })
    }

    fn ring(&mut self, at: &str, points: &[common::Point]) -> Vec<Point> {
        self.all(at, points, 3..=20_000, |reader, at, point: &common::Point| {
            reader.v.coordinates(at, point.latitude, point.longitude);
            let wgs84 = matches!(point.datum(), common::Datum::Unspecified | common::Datum::Wgs84);
            reader.v.require(at, wgs84, "must be WGS 84");
            Some(Point::new(point.latitude, point.longitude))
        })
    }

    fn place(&mut self, at: &str, it: &pb::Place) -> Option<Place> {
        let name = self.v.line(&format!("{at}.name"), &it.name, 2..=40);
        Some(Place { area: self.area_code(&format!("{at}.area"), &it.area)?, name })
    }

    fn road(&mut self, at: &str, it: &pb::Road) -> Option<Road> {
        let name = self.v.line(&format!("{at}.name"), &it.name, 2..=40);
        let side = pb::RoadSide::try_from(it.side).ok().map(|side| match side {
            pb::RoadSide::Unspecified => RoadSide::Both,
            pb::RoadSide::Odd => RoadSide::Odd,
            pb::RoadSide::Even => RoadSide::Even,
        });
        self.v.require(&format!("{at}.side"), side.is_some(), "must be one of the named values");
        Some(Road {
            area: self.area_code(&format!("{at}.area"), &it.area)?,
            name,
            numbers: (it.last > 0).then_some((it.first, it.last)),
            side: side?,
        })
    }

    fn condition(&mut self, at: &str, it: &pb::Condition) -> Option<Condition> {
        self.v.token(&format!("{at}.code"), &it.code, 1..=40);
        let name = self.v.line(&format!("{at}.name"), &it.name, 1..=100);
        let keywords = self.words(&format!("{at}.keywords"), &it.keywords, 1..=64);
        Some(Condition { code: it.code.clone(), name, keywords })
    }

    fn condition_limit(&mut self, at: &str, it: &pb::ConditionLimit) -> Option<ConditionLimit> {
        self.v.token(&format!("{at}.category"), &it.category, 1..=40);
        self.v.token(&format!("{at}.condition"), &it.condition, 1..=40);
        let resolve = limit::check(&mut self.v, &format!("{at}.resolve"), it.resolve)?;
        Some(ConditionLimit { category: it.category.clone(), condition: it.condition.clone(), resolve })
    }

    fn danger_words(&mut self, at: &str, it: &pb::DangerWords) -> Option<DangerWords> {
        let words = self.words(&format!("{at}.words"), &it.words, 1..=64);
        let danger = Danger::VARIANTS.iter().find(|danger| i32::from(convert::danger(**danger)) == it.danger);
        if danger.is_none() {
            self.v.add(format!("{at}.danger"), "must be one of the dangers");
        }
        Some(DangerWords { danger: *danger?, words })
    }

    fn people_words(&mut self, at: &str, it: &pb::PriorityPeopleWords) -> Option<PeopleWords> {
        let words = self.words(&format!("{at}.words"), &it.words, 1..=64);
        let kind = match it.kind {
            0 => None,
            given => Some(priority_kind::check(&mut self.v, &format!("{at}.kind"), given)?),
        };
        Some(PeopleWords { kind, words })
    }

    fn force(&mut self, at: &str, it: &pb::GridForce) -> Option<GridForce> {
        let kind = self.v.enum_value::<pb::ForceKind>(&format!("{at}.kind"), it.kind);
        let name = self.v.line(&format!("{at}.name"), &it.name, 1..=100);
        let duty = self.v.line(&format!("{at}.duty"), &it.duty, 0..=200);
        let phone = self.v.line(&format!("{at}.phone"), &it.phone, 0..=50);
        let area = self.area_code(&format!("{at}.area"), &it.area)?;
        Some(GridForce { area, kind: convert::force::read(kind?)?, name, duty, phone })
    }

    fn default_limit(&mut self, at: &str, it: &pb::DefaultLimit) -> Option<DefaultLimit> {
        let respond = limit::check(&mut self.v, &format!("{at}.respond"), it.respond);
        let resolve = limit::check(&mut self.v, &format!("{at}.resolve"), it.resolve);
        Some(DefaultLimit {
            priority: priority::check(&mut self.v, &format!("{at}.priority"), it.priority)?,
            respond: respond?,
            resolve: resolve?,
        })
    }

    fn triage(&mut self, at: &str, it: &pb::TriageRules) -> TriageRules {
        let limits =
            self.all(&format!("{at}.limits"), &it.limits, 0..=3, |reader, at, it: &pb::TriageLimit| {
                let limit = limit::check(&mut reader.v, &format!("{at}.limit"), it.limit);
                let priority = priority::check(&mut reader.v, &format!("{at}.priority"), it.priority);
                Some(TriageLimit { priority: priority?, limit: limit? })
            });
        let climbs =
            self.all(&format!("{at}.climbs"), &it.climbs, 0..=5, |reader, at, it: &pb::TriageRung| {
                reader.v.range(&format!("{at}.percent"), it.percent, 101..=1000);
                let tier = tier::check(&mut reader.v, &format!("{at}.tier"), it.tier);
                Some(TriageRung { percent: it.percent, tier: tier? })
            });
        let danger = it.danger.and_then(|it| limit::check(&mut self.v, &format!("{at}.danger"), Some(it)));
        self.v.range(&format!("{at}.amber_percent"), it.amber_percent, 0..=99);
        self.v.range(&format!("{at}.claim_minutes"), it.claim_minutes, 0..=480);
        let usual = TriageRules::default();
        let or = |given: u32, usual: u32| if given == 0 { usual } else { given };
        TriageRules {
            limits,
            amber_percent: or(it.amber_percent, usual.amber_percent),
            claim_minutes: or(it.claim_minutes, usual.claim_minutes),
            climbs,
            danger,
        }
    }

    fn area_code(&mut self, field: &str, code: &str) -> Option<AreaCode> {
        let parsed = AreaCode::parse(code);
        if let Err(error) = &parsed {
            self.v.add(field, format!("must be an area code: {error}"));
        }
        parsed.ok()
    }

    fn words(
        &mut self,
        field: &str,
        words: &[String],
        length: std::ops::RangeInclusive<usize>,
    ) -> Vec<String> {
        self.all(field, words, length, |reader, at, word: &String| Some(reader.v.line(at, word, 1..=40)))
    }

    fn names(&mut self, field: &str, names: &[String], most: usize) -> Vec<String> {
        self.all(field, names, 0..=most, |reader, at, name: &String| Some(reader.v.line(at, name, 2..=40)))
    }

    fn codes(&mut self, field: &str, codes: &[String], most: usize) -> Vec<String> {
        self.all(field, codes, 0..=most, |reader, at, code: &String| {
            reader.v.token(at, code, 1..=64);
            Some(code.clone())
        })
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
