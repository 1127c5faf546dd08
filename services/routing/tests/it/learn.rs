//! The learned classifier: when it decides, what it offers when it may not, how it is applied, and what the next one learns from.

use std::sync::LazyLock;

use huying_chassis::{auth::CITY, auth::Role, profile::Part as _};
use huying_learn::{Example, train};
use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_routing::domain::{
    decide::decide,
    decision::{Part, Routing},
    index::Index,
    learned::{Classifier, Learned, Memory, Of},
};
use huying_terms::AreaCode;
use huying_testing::reason;
use tonic::{Code, Status};
use uuid::Uuid;

use crate::{
    bench::{Town, closed, fresh},
    place::{self, LITTER, POLICY, TREES, in_area, submission},
};

/// Words that no rule of the place knows.
pub const CHAIRS: &str = "长椅坏了三根木条，坐不了人";
const LOANS: &str = "小微企业想了解贴息贷款怎么申请";
pub const NEITHER: &str = "早上好";

/// What a few made-up messages teach, under these labels.
pub fn model(labels: [&str; 2]) -> Vec<u8> {
    let example = |at: usize| {
        let place = char::from_u32(0x4e00 + at as u32 * 131).unwrap();
        let said = [["长椅坏了", "木条断裂", "椅子坐不了"], ["贴息贷款", "企业申请补贴", "了解融资"]];
        Example {
            topic: String::new(),
            text: format!("{place}{at}，{}，{}", said[at % 2][at % 3], said[at % 2][(at / 2) % 3]),
            label: labels[at % 2].to_owned(),
        }
    };
    let examples: Vec<Example> = (0..60).map(example).collect();
    train(&examples, &|| {}).unwrap().model.to_bytes()
}

static MODEL: LazyLock<Vec<u8>> = LazyLock::new(|| model([LITTER, POLICY]));

fn learned(bytes: &[u8]) -> Learned {
    Learned::new(AreaCode::parse(place::DISTRICT).unwrap(), bytes).unwrap()
}

fn classifier() -> Classifier {
    learned(&MODEL).index().unwrap()
}

fn index(percent: u32) -> Index {
    let profile = pb::RoutingProfile { learned_percent: percent, ..place::profile() };
    Index::new(place::directory(profile)).unwrap()
}

fn asked(index: &Index, content: &str) -> Routing {
    let classifier = classifier();
    let memory = Memory { categories: Some(&classifier), ..Memory::default() };
    decide(index, memory, &submission(content, in_area("420102003002"), ""), place::now())
}

#[test]
fn what_no_rule_tells_is_decided_by_what_was_learned() {
    let it = place::decided(asked(&index(70), CHAIRS));
    assert_eq!(it.category, LITTER);
    let told = it.reasons.iter().find(|it| it.rule == "category.learned").unwrap();
    let version = classifier().version;
    assert!(told.text.contains(&version) && told.text.contains('%'), "{told:?}");
    assert_eq!(it.learned.model, Some(version));
    assert!(it.learned.guesses[0].category == LITTER && it.learned.guesses[0].confidence >= 0.7, "{it:?}");
}

#[test]
fn a_rule_goes_first_and_the_model_decides_nothing_against_it() {
    let it = place::decided(asked(&index(1), &format!("路边垃圾堆了一地。{CHAIRS}")));
    assert_eq!((it.category.as_str(), it.learned.model), (LITTER, None));
}

/// Where the words say one thing and the model all but rules it out, a person decides; of what it never learned of it says nothing.
#[test]
fn what_the_model_all_but_rules_out_is_for_a_person() {
    let classifier = learned(&model([TREES, POLICY])).index().unwrap();
    let asked = |said: &str, given: &str| {
        let memory = Memory { categories: Some(&classifier), ..Memory::default() };
        decide(&index(100), memory, &submission(said, in_area("420102003002"), given), place::now())
    };
    let trees = format!("大树倾斜。{LOANS}，企业申请补贴，了解融资，贴息贷款");
    let Routing::Queued { partial, undecided } = asked(&trees, "") else { panic!("decided") };
    assert_eq!((undecided, partial.category), (vec![Part::Category], None));
    assert_eq!(partial.learned.guesses[0].category, POLICY);
    let rules: Vec<&str> =
        partial.reasons.iter().filter(|it| it.part == Part::Category).map(|it| it.rule.as_str()).collect();
    assert_eq!(rules, ["category.keyword", "category.doubted"]);
    // What the door gave, what the model knows nothing of, and what it does not hold for less than the rest.
    let litter = trees.replace("大树倾斜", "垃圾堆了一地");
    for (said, given, category) in
        [(trees.as_str(), TREES, TREES), (litter.as_str(), "", LITTER), ("大树倾斜", "", TREES)]
    {
        let it = place::decided(asked(said, given));
        assert_eq!((it.category.as_str(), it.learned.model), (category, None), "{said}");
    }
}

#[test]
fn what_the_words_lean_to_and_the_model_holds_likeliest_is_decided() {
    let tie = "垃圾堆着没人管，燃气也不通";
    let it = place::decided(asked(&index(100), &format!("{CHAIRS}，{tie}")));
    assert_eq!(it.category, LITTER);
    let told = it.reasons.iter().find(|it| it.rule == "category.learned").unwrap();
    assert!(told.text.contains("关键词也偏向它"), "{told:?}");
    // What it holds likeliest is none of those that the words lean to.
    let other = learned(&model([TREES, POLICY])).index().unwrap();
    let said = submission(&format!("门口整天吵得人睡不着觉，{tie}"), in_area("420102003002"), "");
    let memory = Memory { categories: Some(&other), ..Memory::default() };
    let Routing::Queued { undecided, .. } = decide(&index(100), memory, &said, place::now()) else {
        panic!("decided")
    };
    assert_eq!(undecided, [Part::Category]);
}

#[test]
fn below_the_threshold_a_person_decides_and_is_offered_the_guesses() {
    let Routing::Queued { partial, undecided } = asked(&index(100), NEITHER) else { panic!("decided") };
    assert_eq!((undecided, partial.category), (vec![Part::Category], None));
    assert_eq!(partial.learned.guesses.len(), 2);
    let told = partial.reasons.iter().find(|it| it.rule == "category.unsure").unwrap();
    assert!(told.text.contains("100 %"), "{told:?}");
}

#[test]
fn a_category_that_the_profile_has_dropped_is_no_guess() {
    let mut profile = place::profile();
    profile.categories.retain(|it| it.code != POLICY);
    profile.rules.retain(|it| it.category != POLICY);
    profile.condition_limits.retain(|it| it.category != POLICY);
    profile.learned_percent = 1;
    let index = Index::new(place::directory(profile)).unwrap();
    let guesses = match asked(&index, LOANS) {
        Routing::Decided(it) => it.learned.guesses,
        Routing::Queued { partial, .. } => partial.learned.guesses,
    };
    assert!(guesses.iter().all(|it| it.category == LITTER), "{guesses:?}");
    let unknown = learned(&MODEL).check(Of::Category, &index).unwrap_err().to_string();
    assert!(unknown.contains(POLICY) && !unknown.contains(LITTER), "{unknown}");
}

fn told(status: &Status) -> (Code, String) {
    (status.code(), reason(status))
}

pub fn apply(model: &[u8]) -> pb::ApplyModelRequest {
    pb::ApplyModelRequest {
        request_id: fresh(),
        district: place::DISTRICT.into(),
        model: model.to_vec(),
        ..Default::default()
    }
}

#[tokio::test]
async fn an_applied_model_decides_what_comes_and_a_next_one_takes_its_place() {
    let town = Town::start().await;
    town.apply(pb::RoutingProfile { learned_percent: 70, ..place::profile() }, false).await.unwrap();
    let before = town.submitted(CHAIRS, "420102003002").await;
    assert_eq!(before.undecided, ["category"]);
    let mut operator = town.learning(Role::Operator, place::DISTRICT);
    let get = pb::GetModelRequest { district: place::DISTRICT.into(), ..Default::default() };
    assert_eq!(operator.get_model(get.clone()).await.unwrap().into_inner().model, "");

    let first = apply(&MODEL);
    let applied = operator.apply_model(first.clone()).await.unwrap().into_inner();
    assert_eq!((applied.categories, applied.examples), (2, 60));
    let after = town.submitted(CHAIRS, "420102003002").await;
    assert_eq!(after.state(), pb::RouteState::Decided);
    let decision = after.decision.unwrap();
    assert_eq!((decision.category.as_str(), decision.model.as_str()), (LITTER, applied.model.as_str()));
    let waiting = town.submitted(NEITHER, "420102003002").await.decision.unwrap();
    assert_eq!((waiting.guesses.len(), waiting.category.as_str()), (2, ""));

    let other = operator.apply_model(apply(&model([POLICY, LITTER]))).await.unwrap().into_inner();
    assert_ne!(other.model, applied.model);
    let turned = town.submitted(CHAIRS, "420102003002").await.decision.unwrap();
    assert_eq!(turned.category, POLICY);
    // The first one again is a repetition, not a way back.
    assert_eq!(operator.apply_model(first).await.unwrap().into_inner().model, other.model);
    let mut desk = town.learning(Role::Desk, "420102003");
    assert_eq!(desk.get_model(get).await.unwrap().into_inner().model, other.model);
    town.end().await;
}

#[tokio::test]
async fn a_model_that_does_not_fit_is_refused_and_changes_nothing() {
    let town = Town::with_profile().await;
    let mut operator = town.learning(Role::Operator, place::DISTRICT);
    let strange = operator.apply_model(apply(&model([LITTER, "no:such:1"]))).await.unwrap_err();
    assert_eq!(told(&strange), (Code::InvalidArgument, "UNKNOWN_CATEGORY".into()));
    assert!(strange.message().contains("no:such:1") && !strange.message().contains(LITTER), "{strange}");
    let broken = operator.apply_model(apply(&MODEL[..100])).await.unwrap_err();
    assert_eq!(told(&broken), (Code::InvalidArgument, "NO_MODEL".into()));
    let elsewhere = town.learning(Role::Operator, "420103").apply_model(apply(&MODEL)).await.unwrap_err();
    assert_eq!(told(&elsewhere), (Code::PermissionDenied, "OUTSIDE_AREA".into()));
    let get = pb::GetModelRequest { district: place::DISTRICT.into(), ..Default::default() };
    assert_eq!(operator.get_model(get).await.unwrap().into_inner().model, "");
    let mut away = town.learning(Role::Desk, "420103");
    let get = pb::GetModelRequest { district: place::DISTRICT.into(), ..Default::default() };
    assert_eq!(
        told(&away.get_model(get).await.unwrap_err()),
        (Code::PermissionDenied, "OUTSIDE_AREA".into())
    );
    town.end().await;
}

#[tokio::test]
async fn examples_are_what_rules_and_people_decided() {
    let town = Town::start().await;
    town.apply(pb::RoutingProfile { learned_percent: 70, ..place::profile() }, false).await.unwrap();
    let by_rule = town.submitted("路边垃圾堆了一地", "420102003002").await;
    let waiting = town.submitted(LOANS, "420102003002").await;
    let decide = pb::DecideTriageRequest {
        request_id: fresh(),
        request: waiting.request.clone(),
        version: 1,
        area: "420102003002".into(),
        category: POLICY.into(),
        ..pb::DecideTriageRequest::default()
    };
    town.desk().decide_triage(decide).await.unwrap();
    let mut operator = town.learning(Role::Operator, CITY);
    operator.apply_model(apply(&MODEL)).await.unwrap();
    let by_model = town.submitted(CHAIRS, "420102003002").await;
    assert_eq!(by_model.state(), pb::RouteState::Decided);
    town.submitted(NEITHER, "420102003002").await;

    let (mut told, mut page_token) = (Vec::new(), String::new());
    loop {
        let asked = pb::ListExamplesRequest { district: place::DISTRICT.into(), page_size: 1, page_token };
        let page = operator.list_examples(asked).await.unwrap().into_inner();
        told.extend(page.examples);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let told: Vec<_> = told.iter().map(|it| (&it.content[..], &it.category[..], &it.rule[..])).collect();
    let by_rule = by_rule.content.as_str();
    assert_eq!(told, [(by_rule, LITTER, "category.keyword"), (LOANS, POLICY, "category.hand")]);

    let asked = pb::ListExamplesRequest { district: place::DISTRICT.into(), ..Default::default() };
    let mut street = town.learning(Role::Operator, "420102003");
    assert_eq!(street.list_examples(asked.clone()).await.unwrap_err().code(), Code::PermissionDenied);
    let mut desk = town.learning(Role::Desk, CITY);
    assert_eq!(desk.list_examples(asked).await.unwrap_err().code(), Code::PermissionDenied);
    town.end().await;
}

/// What was closed before it came here teaches too, where its door or the rules tell what it was about.
#[tokio::test]
async fn examples_are_also_history_that_is_known() {
    let town = Town::start().await;
    town.apply(pb::RoutingProfile { learned_percent: 70, ..place::profile() }, false).await.unwrap();
    town.learning(Role::Operator, CITY).apply_model(apply(&MODEL)).await.unwrap();
    let there = || common::Location { area: "420102003002".into(), ..Default::default() };
    let history = [(LOANS, POLICY), ("路边垃圾堆了一地", ""), (CHAIRS, ""), (NEITHER, "")];
    for (content, category) in history {
        let request = Uuid::now_v7();
        town.say(request, 1, &closed(request, content, there(), category)).await;
        town.taken(request).await;
    }
    let asked = pb::ListExamplesRequest { district: place::DISTRICT.into(), ..Default::default() };
    let page = town.learning(Role::Operator, CITY).list_examples(asked).await.unwrap().into_inner();
    let told: Vec<_> =
        page.examples.iter().map(|it| (&it.content[..], &it.category[..], &it.rule[..])).collect();
    let by_rule = ("路边垃圾堆了一地", LITTER, "category.keyword");
    assert_eq!(told, [(LOANS, POLICY, "category.given"), by_rule], "neither a model's nor an unknown one");
    town.end().await;
}

/// A restarted replica knows the model before it decides anything.
#[tokio::test]
async fn a_model_is_there_again_after_a_restart() {
    let town = Town::start().await;
    town.apply(pb::RoutingProfile { learned_percent: 70, ..place::profile() }, false).await.unwrap();
    town.learning(Role::Operator, CITY).apply_model(apply(&MODEL)).await.unwrap();
    let town = town.again().await;
    let decided = town.submitted(CHAIRS, "420102003002").await;
    assert_eq!(decided.decision.unwrap().category, LITTER);
    town.end().await;
}
