//! Units by history: what the model of units tells is suggested to the desk, and nothing is decided by it.

use huying_chassis::{auth::CITY, auth::Role, profile::Part as _};
use huying_proto::routing::v1 as pb;
use huying_routing::domain::{
    decide::decide,
    decision::{Routing, Suggestion},
    learned::{Classifier, Learned, Memory},
};
use huying_terms::{AreaCode, Location};
use huying_testing::reason;
use tonic::Code;

use crate::{
    bench::{Town, fresh},
    learn::{CHAIRS, apply, model},
    place::{self, LITTER, POLICY, in_area, submission},
};

const PARKS: &str = "DEP-yuanlin";

fn classifier(labels: [&str; 2]) -> Classifier {
    Learned::new(AreaCode::parse(place::DISTRICT).unwrap(), &model(labels)).unwrap().index().unwrap()
}

fn suggested(labels: [&str; 2], location: Location) -> Vec<String> {
    let classifier = classifier(labels);
    let memory = Memory { units: Some(&classifier), ..Memory::default() };
    match decide(&place::index(), memory, &submission(CHAIRS, location, ""), place::now()) {
        Routing::Queued { partial, .. } => partial.units.into_iter().map(|it: Suggestion| it.unit).collect(),
        Routing::Decided(it) => panic!("decided by it:\n{}", place::told(&it)),
    }
}

#[test]
fn what_may_hold_it_in_its_area_is_suggested_best_first() {
    assert_eq!(suggested([PARKS, "RG-yingshang"], in_area("420102003002")), [PARKS, "RG-yingshang"]);
    let community = "C-420102003002";
    assert_eq!(suggested([community, PARKS], in_area("420102003002")), [community, PARKS]);
    assert_eq!(suggested([community, PARKS], in_area("420102010002")), [PARKS], "it answers for another");
    assert_eq!(suggested([community, "D-420102"], Location::default()), ["D-420102"], "wherever it lies");
    assert_eq!(suggested([PARKS, "DEP-gone"], in_area("420102003002")), [PARKS], "no unit any more");
}

fn of_units(labels: [&str; 2]) -> pb::ApplyModelRequest {
    pb::ApplyModelRequest { of: pb::ModelOf::Unit.into(), ..apply(&model(labels)) }
}

#[tokio::test]
async fn an_applied_model_of_units_suggests_and_stands_beside_the_one_of_categories() {
    let town = Town::with_profile().await;
    let mut operator = town.learning(Role::Operator, place::DISTRICT);
    let strange = operator.apply_model(of_units([PARKS, "DEP-no-such"])).await.unwrap_err();
    assert_eq!((strange.code(), reason(&strange).as_str()), (Code::InvalidArgument, "UNKNOWN_UNIT"));
    assert!(strange.message().contains("DEP-no-such") && !strange.message().contains(PARKS), "{strange}");
    let wrong = pb::ApplyModelRequest { of: 9, ..of_units([PARKS, "RG-yingshang"]) };
    assert_eq!(reason(&operator.apply_model(wrong).await.unwrap_err()), "BAD_FIELD");

    let applied = operator.apply_model(of_units([PARKS, "RG-yingshang"])).await.unwrap().into_inner();
    assert_eq!((applied.of(), applied.categories), (pb::ModelOf::Unit, 2));
    operator.apply_model(apply(&model([LITTER, POLICY]))).await.unwrap();
    let get = |of: pb::ModelOf| pb::GetModelRequest { district: place::DISTRICT.into(), of: of.into() };
    let units = operator.get_model(get(pb::ModelOf::Unit)).await.unwrap().into_inner();
    let categories = operator.get_model(get(pb::ModelOf::Unspecified)).await.unwrap().into_inner();
    assert_eq!(units, applied);
    assert!(categories.model != units.model && categories.of() == pb::ModelOf::Category);

    // Its place is unknown, so a person decides.
    let waiting = town.submitted(CHAIRS, "").await;
    let known = waiting.decision.as_ref().unwrap();
    assert_eq!((waiting.state(), known.holder.as_str()), (pb::RouteState::Queued, ""));
    let units: Vec<&str> = known.suggested_units.iter().map(|it| it.unit.as_str()).collect();
    assert_eq!(units, [PARKS, "RG-yingshang"]);
    assert!(known.suggested_units[0].confidence > known.suggested_units[1].confidence);
    let today = crate::rule::explained(&town, &waiting).await.today.unwrap();
    assert_eq!(today.suggested_units, known.suggested_units);
    town.end().await;
}

/// Who decides it for a department, or leaves it to whoever answers for the place: then the department concerned is what is to be learned.
#[tokio::test]
async fn an_example_says_whose_business_it_was() {
    let town = Town::with_profile().await;
    for holder in ["", PARKS] {
        let waiting = town.submitted(CHAIRS, "420102003002").await;
        let decide = pb::DecideTriageRequest {
            request_id: fresh(),
            request: waiting.request.clone(),
            version: waiting.version,
            area: "420102003002".into(),
            category: LITTER.into(),
            holder: holder.into(),
            ..Default::default()
        };
        town.desk().decide_triage(decide).await.unwrap();
    }
    let asked = pb::ListExamplesRequest { district: place::DISTRICT.into(), ..Default::default() };
    let examples =
        town.learning(Role::Operator, CITY).list_examples(asked).await.unwrap().into_inner().examples;
    let units: Vec<&str> = examples.iter().map(|it| it.unit.as_str()).collect();
    assert_eq!(units, ["DEP-chengguan", PARKS]);
    town.end().await;
}
