//! `ProfileService`: a profile, checked. The wire's words become the terms' types, and the domain says what else must hold.

use huying_chassis::{auth::Caller, log::Meta, status::Problem, validate::Violations};
use huying_proto::evaluation::v1::{self as pb, profile_service_server::ProfileService};
use huying_terms::{Limit, LimitKind};
use huying_wire::{calendar, limit};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::Rpc;
use crate::{
    convert,
    domain::{
        figure::rate::Rate,
        profile::EvaluationProfile,
        rules::{CallbackRules, Question},
        verdict::Reason,
    },
};

/// In the place of a limit that cannot be read.
const SOME: Limit = Limit { kind: LimitKind::NaturalDay, amount: 1 };

#[tonic::async_trait]
impl ProfileService for Rpc {
    async fn apply_profile(
        &self,
        request: Request<pb::ApplyProfileRequest>,
    ) -> Result<Response<pb::ApplyProfileResponse>, Status> {
        let caller = Caller::of(&request)?;
        let request = request.into_inner();
        let (part, dry_run, request_id) = checked(request.clone())?;
        let meta = Meta::asked(&caller, &request, request_id, None);
        let (outcome, swept) = self.app.apply_profile(part, dry_run, &caller.reach, &meta).await?;
        Ok(Response::new(pb::ApplyProfileResponse {
            version: outcome.version,
            differences: outcome.differences,
            changed: u32::try_from(swept.changed).unwrap_or(u32::MAX),
            unfinished: swept.unfinished,
        }))
    }

    async fn get_questions(
        &self,
        request: Request<pb::GetQuestionsRequest>,
    ) -> Result<Response<pb::GetQuestionsResponse>, Status> {
        let pb::GetQuestionsRequest { district, token } = request.into_inner();
        let mut v = Violations::new();
        v.require(
            "token",
            token.is_empty() != district.is_empty(),
            "or a district, one of the two, must be named",
        );
        if token.is_empty() {
            v.digits("district", &district, &[6, 9]);
        }
        v.finish()?;
        let district = if token.is_empty() { district } else { self.app.asked_by(&token).await? };
        let (profile, _) = self.app.profile_or_default(&district).await?;
        Ok(Response::new(convert::questions(district, &profile.callbacks)))
    }
}

/// What would be refused of a profile, asked before it is sent.
///
/// # Errors
/// `BAD_FIELD`, naming each violation.
pub fn check(profile: pb::EvaluationProfile) -> Result<(), Problem> {
    let request_id = huying_chassis::id::new().to_string();
    checked(pb::ApplyProfileRequest { request_id, profile: Some(profile), dry_run: true }).map(drop)
}

fn checked(request: pb::ApplyProfileRequest) -> Result<(EvaluationProfile, bool, Uuid), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    let profile = request.profile.unwrap_or_default();
    let part = EvaluationProfile {
        calendar: calendar::check(&mut v, "profile.calendar", profile.calendar.as_ref()).unwrap_or_default(),
        callback: limit::check(&mut v, "profile.callback", profile.callback).unwrap_or(SOME),
        rates: rates(&mut v, "profile.rates", profile.rates),
        grades: profile.grades.into_iter().map(convert::rates::read_grade).collect(),
        weights: None,
        callbacks: profile.callbacks.map_or_else(CallbackRules::default, |it| rules(&mut v, it)),
        district: profile.district,
    };
    // What could not be read was replaced by something usable and is said already.
    for (field, what) in part.check() {
        v.add(format!("profile.{field}"), what);
    }
    v.finish()?;
    Ok((part, request.dry_run, request_id))
}

/// Rates that can be read; of the others it is said why not, and nothing else of all of them is looked at.
pub(super) fn rates(v: &mut Violations, at: &str, sent: Vec<pb::RateDefinition>) -> Vec<Rate> {
    let read = sent.into_iter().enumerate().map(|(n, rate)| {
        convert::rates::read_definition(rate).map_err(|wrong| {
            for (field, what) in wrong {
                v.add(format!("{at}[{n}].{field}"), what);
            }
        })
    });
    read.collect::<Result<_, ()>>().unwrap_or_default()
}

/// Who is asked, by whom and what: as it is written, for the domain to check.
fn rules(v: &mut Violations, it: pb::CallbackRules) -> CallbackRules {
    let by = v.enum_value("profile.callbacks.by", it.by).and_then(convert::by_from);
    let coded = |it: Vec<pb::CallbackReason>| -> Vec<Reason> {
        it.into_iter().map(|it| Reason { code: it.code, text: it.text }).collect()
    };
    let questions = it.questions.into_iter();
    CallbackRules {
        pass_share: it.pass_share,
        sample_share: it.sample_share,
        most: it.most,
        tries: it.tries,
        by: by.unwrap_or_default(),
        reasons: coded(it.reasons),
        questions: questions
            .map(|it| Question { code: it.code, text: it.text, options: coded(it.options) })
            .collect(),
    }
}
