//! `policies.toml`: what a place has settled for itself.

use std::{collections::BTreeMap, ops::Range};

use huying_proto::{
    casework::v1 as casework, common::v1 as common, evaluation::v1 as evaluation, routing::v1 as routing,
};
use huying_terms::{Limit, Tier};
use serde::Deserialize;
use toml::Spanned;

use super::{
    callbacks::{self, CallbackToml},
    evidence::{self, AttachmentsToml, EvidenceToml},
    fault::Faults,
    folder::Folder,
    handling::{self, RequiredToml},
    place::LimitToml,
    toml_file::TomlFile,
    triage::{self, TriageToml},
};
use crate::words::Word;

/// `policies.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoliciesToml {
    clocks: LampsToml,
    attachments: Option<AttachmentsToml>,
    #[serde(default)]
    evidence: Vec<EvidenceToml>,
    #[serde(default)]
    required: Vec<RequiredToml>,
    verify: Spanned<VerifyToml>,
    #[serde(default)]
    verification: Vec<VerificationToml>,
    #[serde(rename = "return")]
    returns: Spanned<ReturnToml>,
    extend: Spanned<ExtendToml>,
    approval: Spanned<ApprovalToml>,
    supervise: Spanned<SuperviseToml>,
    #[serde(default)]
    ladder: Vec<RungToml>,
    merge: Spanned<MergeToml>,
    /// None: intake's own.
    objection: Option<Spanned<ObjectionToml>>,
    grants: BTreeMap<String, Spanned<String>>,
    /// None: intake's own.
    first_contact: Option<Spanned<FirstContactToml>>,
    /// None: routing's own.
    triage: Option<TriageToml>,
    /// None: evaluation's own.
    callback: Option<CallbackToml>,
    #[serde(default)]
    decline_ground: Vec<Spanned<GroundToml>>,
    /// None: routing's own.
    learned: Option<LearnedToml>,
}

/// 首问负责.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstContactToml {
    tell_every: LimitToml,
    answer_within: LimitToml,
}

/// 学习分类.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LearnedToml {
    decide_percent: Spanned<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LampsToml {
    amber_percent: Spanned<u32>,
    /// None: no case is ever idle.
    idle_percent: Option<Spanned<u32>>,
}

/// 到点做什么.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RungToml {
    at: Spanned<String>,
    /// `any`, or none where it is no lamp's.
    clock: Option<Spanned<String>>,
    steps: Vec<Spanned<String>>,
}

/// 退单.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReturnToml {
    window: LimitToml,
    max: u32,
    arbitrate: LimitToml,
}

/// 延期.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtendToml {
    max: u32,
    longest: LimitToml,
}

/// 核查.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifyToml {
    within: LimitToml,
}

/// Which categories are looked at, and by which unit; none: the one above the holder.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerificationToml {
    category: String,
    #[serde(default)]
    unit: String,
}

/// 审批.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApprovalToml {
    within: LimitToml,
}

/// 并案.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MergeToml {
    undo: LimitToml,
}

/// 异议.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectionToml {
    window: LimitToml,
}

/// 不予受理的理由.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroundToml {
    code: String,
    name: String,
}

/// 督办: a level that is not there asks for no answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SuperviseToml {
    urge: Option<LimitToml>,
    notice: Option<LimitToml>,
    talk: Option<LimitToml>,
}

/// The policies the services take.
pub(super) struct Policies {
    pub(super) amber_percent: u32,
    pub(super) attachments: Option<casework::AttachmentPolicy>,
    pub(super) evidence: Vec<casework::Evidence>,
    pub(super) required: Vec<casework::RequiredHandling>,
    pub(super) verification: Vec<casework::VerificationDemand>,
    pub(super) verify: Option<common::Limit>,
    pub(super) grants: Vec<casework::Grant>,
    pub(super) approve: Option<common::Limit>,
    pub(super) extensions: u32,
    pub(super) longest_extension: Option<common::Limit>,
    pub(super) return_window: Option<common::Limit>,
    pub(super) returns: u32,
    pub(super) arbitrate: Option<common::Limit>,
    pub(super) unmerge: Option<common::Limit>,
    pub(super) reporters: Reporters,
    pub(super) decline_grounds: Vec<casework::DeclineGround>,
    pub(super) supervision: casework::AnswerTimes,
    pub(super) ladder: Vec<casework::Rung>,
    pub(super) idle_percent: u32,
    pub(super) learned_percent: u32,
    pub(super) triage: Option<routing::TriageRules>,
    pub(super) callbacks: Option<evaluation::CallbackRules>,
}

/// What reporters may expect; none: intake's own.
pub(super) struct Reporters {
    pub(super) objection: Option<common::Limit>,
    pub(super) tell_every: Option<common::Limit>,
    pub(super) answer_within: Option<common::Limit>,
}

pub(super) fn read_policies(folder: &Folder, top: Tier, faults: &mut Faults) -> Option<Policies> {
    let toml = TomlFile::<PoliciesToml>::read(folder, "policies.toml", faults)?;
    let amber = &toml.it.clocks.amber_percent;
    if !(1..=99).contains(amber.get_ref()) {
        toml.fault(&amber.span(), "amber_percent must be from 1 to 99", "80 is usual", faults);
    }
    let (extend, approval) = (toml.it.extend.get_ref(), toml.it.approval.get_ref());
    let returns = toml.it.returns.get_ref();
    for (max, span) in [(extend.max, toml.it.extend.span()), (returns.max, toml.it.returns.span())] {
        if max > 10 {
            toml.fault(&span, "max must be from 0 to 10", "2 is usual", faults);
        }
    }
    let reporters = reporters(&toml, faults);
    let mut limit = |written: &LimitToml, span: &Range<usize>| limit(&toml, written, span, faults);
    let longest_extension = limit(&extend.longest, &toml.it.extend.span());
    let approve = limit(&approval.within, &toml.it.approval.span());
    let return_window = limit(&returns.window, &toml.it.returns.span());
    let arbitrate = limit(&returns.arbitrate, &toml.it.returns.span());
    let unmerge = limit(&toml.it.merge.get_ref().undo, &toml.it.merge.span());
    let (supervise, span) = (toml.it.supervise.get_ref(), toml.it.supervise.span());
    let mut answer = |written: &Option<LimitToml>| written.as_ref().and_then(|it| limit(it, &span));
    let supervision = casework::AnswerTimes {
        urge: answer(&supervise.urge),
        notice: answer(&supervise.notice),
        talk: answer(&supervise.talk),
    };
    let verify = limit(&toml.it.verify.get_ref().within, &toml.it.verify.span());
    let verification = toml.it.verification.iter();
    let verification = verification
        .map(|it| casework::VerificationDemand { category: it.category.clone(), unit: it.unit.clone() })
        .collect();
    Some(Policies {
        amber_percent: *amber.get_ref(),
        attachments: toml.it.attachments.as_ref().map(AttachmentsToml::policy),
        evidence: evidence::read(&toml.it.evidence, |span, what, fix| toml.fault(span, what, fix, faults)),
        required: handling::read(&toml.it.required, |span, what, fix| toml.fault(span, what, fix, faults)),
        verification,
        verify,
        grants: grants(&toml, top, faults),
        approve,
        extensions: extend.max,
        longest_extension,
        return_window,
        returns: returns.max,
        arbitrate,
        unmerge,
        reporters,
        decline_grounds: grounds(&toml, faults),
        supervision,
        ladder: toml.it.ladder.iter().filter_map(|it| rung(&toml, it, faults)).collect(),
        idle_percent: idle_percent(&toml, faults),
        learned_percent: learned_percent(&toml, faults),
        triage: triage(&toml, faults),
        callbacks: callbacks(&toml, faults),
    })
}

/// `[objection]` and `[first_contact]`.
fn reporters(toml: &TomlFile<PoliciesToml>, faults: &mut Faults) -> Reporters {
    let mut limit = |written: &LimitToml, span: &Range<usize>| limit(toml, written, span, faults);
    let objection = toml.it.objection.as_ref();
    let objection = objection.and_then(|it| limit(&it.get_ref().window, &it.span()));
    let first = toml.it.first_contact.as_ref();
    let tell_every = first.and_then(|it| limit(&it.get_ref().tell_every, &it.span()));
    let answer_within = first.and_then(|it| limit(&it.get_ref().answer_within, &it.span()));
    Reporters { objection, tell_every, answer_within }
}

fn limit(
    toml: &TomlFile<PoliciesToml>,
    written: &LimitToml,
    span: &Range<usize>,
    faults: &mut Faults,
) -> Option<common::Limit> {
    match Limit::new(written.kind, written.amount) {
        Ok(limit) => Some(huying_wire::limit::write(limit)),
        Err(error) => {
            toml.fault(span, error.to_string(), "write a longer or shorter limit", faults);
            None
        }
    }
}

fn triage(toml: &TomlFile<PoliciesToml>, faults: &mut Faults) -> Option<routing::TriageRules> {
    let read = |it| triage::read(it, |span, what, fix| toml.fault(&span, what, fix, faults));
    toml.it.triage.as_ref().map(read)
}

fn callbacks(toml: &TomlFile<PoliciesToml>, faults: &mut Faults) -> Option<evaluation::CallbackRules> {
    let read = |it| callbacks::read(it, |span, what, fix| toml.fault(&span, what, fix, faults));
    toml.it.callback.as_ref().map(read)
}

/// `[[decline_ground]]`: what a request may be declined on; none: the usual six.
fn grounds(toml: &TomlFile<PoliciesToml>, faults: &mut Faults) -> Vec<casework::DeclineGround> {
    let mut grounds: Vec<casework::DeclineGround> = Vec::new();
    for written in &toml.it.decline_ground {
        let GroundToml { code, name } = written.get_ref();
        if grounds.iter().any(|ground| ground.code == *code) {
            toml.fault(&written.span(), format!("'{code}' is there twice"), "keep one of them", faults);
        }
        grounds.push(casework::DeclineGround { code: code.clone(), name: name.clone() });
    }
    grounds
}

/// `[grants]`: who rules on what is asked for.
fn grants(toml: &TomlFile<PoliciesToml>, top: Tier, faults: &mut Faults) -> Vec<casework::Grant> {
    let mut grants = Vec::new();
    for (what, who) in &toml.it.grants {
        let Some((_, kind)) = casework::ApprovalKind::ALL.iter().find(|(word, _)| word == what) else {
            let known: Vec<&str> = casework::ApprovalKind::ALL.iter().map(|(word, _)| *word).collect();
            let fix = format!("use one of: {}", known.join(", "));
            toml.fault(&who.span(), format!("'{what}' is nothing that is asked for"), fix, faults);
            continue;
        };
        let (tier, chair) = match who.get_ref().as_str() {
            "superior" => (common::Tier::Unspecified, false),
            "top" => (huying_wire::tier::write(top), false),
            "street" => (common::Tier::Street, false),
            "district" if top == Tier::District => (common::Tier::District, false),
            "chair" if *kind == casework::ApprovalKind::CallGroup => (common::Tier::Unspecified, true),
            other => {
                let fix = "use superior, street or top; chair for call_group";
                toml.fault(&who.span(), format!("'{other}' grants nothing"), fix, faults);
                continue;
            }
        };
        grants.push(casework::Grant { kind: (*kind).into(), tier: tier.into(), chair });
    }
    grants
}

/// `[learned]`: 0 where nothing is settled.
fn learned_percent(toml: &TomlFile<PoliciesToml>, faults: &mut Faults) -> u32 {
    let Some(LearnedToml { decide_percent: percent }) = &toml.it.learned else { return 0 };
    if !(1..=100).contains(percent.get_ref()) {
        toml.fault(&percent.span(), "decide_percent must be from 1 to 100", "90 is usual", faults);
    }
    *percent.get_ref()
}

fn idle_percent(toml: &TomlFile<PoliciesToml>, faults: &mut Faults) -> u32 {
    let Some(percent) = &toml.it.clocks.idle_percent else { return 0 };
    if !(1..=99).contains(percent.get_ref()) {
        toml.fault(&percent.span(), "idle_percent must be from 1 to 99", "50 is usual", faults);
    }
    *percent.get_ref()
}

/// `[[ladder]]`: when, whose lamp, what.
fn rung(toml: &TomlFile<PoliciesToml>, rung: &RungToml, faults: &mut Faults) -> Option<casework::Rung> {
    let at: casework::LadderAt = word(toml, &rung.at, faults)?;
    let clock = match &rung.clock {
        Some(clock) if clock.get_ref() != "any" => word(toml, clock, faults)?,
        Some(_) | None => casework::ClockKind::Unspecified,
    };
    let steps: Vec<casework::LadderStep> =
        rung.steps.iter().map(|step| word(toml, step, faults)).collect::<Option<_>>()?;
    let steps = steps.into_iter().map(Into::into).collect();
    Some(casework::Rung { at: at.into(), clock: clock.into(), steps })
}

/// One of the known words.
fn word<W: Word>(toml: &TomlFile<PoliciesToml>, written: &Spanned<String>, faults: &mut Faults) -> Option<W> {
    let word = W::parse(written.get_ref());
    if word.is_none() {
        let known: Vec<&str> = W::ALL.iter().map(|(word, _)| *word).collect();
        let fix = format!("use one of: {}", known.join(", "));
        toml.fault(
            &written.span(),
            format!("'{}' is none of the ladder's words", written.get_ref()),
            fix,
            faults,
        );
    }
    word
}
