//! Jiangbei's two rounds of sampled callbacks: 400 people and firms, 86.7 % satisfied.
//!
//! 86.7 % of 400 is 346.8, so nobody counted just that. 347 of 400 are 86.75 %, and the district cut where others round, as it did
//! elsewhere; 346 are 86.5 % and 348 are 87.0 %. How the 400 lay in the two rounds was not published: here 200 in each, of whom 173 and
//! 174 are satisfied.

use std::time::Duration;

use huying_chassis::auth::Role;
use huying_proto::evaluation::v1::{
    self as pb,
    InterviewOutcome::{Answered, Refused},
    InterviewState::Waiting,
    Satisfaction::{Basically, Satisfied, Unsatisfied},
    StrataBy,
};

use crate::{
    rounds::{beginning, closing, handing, recording, resolving},
    support::{Rounds, World, verdict},
};

const JIANGBEI: &str = "330205";
const UNITS: [&str; 2] = ["S-330205003", "S-330205100"];

/// What a round comes to: who answered, who is satisfied, and at what rate.
async fn round(world: &World, day: &str, satisfied: usize) -> pb::RoundReport {
    resolving(world, &[(UNITS[0], "330205003001", 130), (UNITS[1], "330205100001", 130)]).await;
    let mut staff = world.rounds(Role::Callback, Some("callbacks"), Some(JIANGBEI));
    let population =
        Some(pb::Population { from_date: day.into(), to_date: day.into(), ..Default::default() });
    let begin = pb::BeginRoundRequest {
        district: JIANGBEI.into(),
        name: "满意度回访抽查".into(),
        population,
        ..beginning(200, StrataBy::Unit)
    };
    let round = staff.begin_round(begin).await.unwrap().into_inner();
    let strata: Vec<_> = round.strata.iter().map(|it| (it.population, it.sample, it.reserve)).collect();
    assert_eq!(strata, [(130, 100, 30), (130, 100, 30)]);
    let handed = staff.hand_out(handing(&round, &["callbacks"])).await.unwrap().into_inner();
    assert_eq!((handed.shares[0].waiting, handed.left), (200, 0));
    // Twelve do not want to be asked, and others are asked in their place.
    for it in waiting(&mut staff, &round).await.iter().step_by(17) {
        let refused = pb::RecordInterviewRequest { replace: true, ..recording(it, Refused) };
        assert!(staff.record_interview(refused).await.unwrap().into_inner().replacement.is_some());
    }
    let asked = waiting(&mut staff, &round).await;
    for (n, it) in asked.iter().enumerate() {
        // Of those who are satisfied one in four is so basically.
        let said = match n {
            _ if n >= satisfied => verdict(false, Unsatisfied),
            _ if n % 4 == 0 => verdict(true, Basically),
            _ => verdict(true, Satisfied),
        };
        let answered = pb::RecordInterviewRequest { verdict: Some(said), ..recording(it, Answered) };
        staff.record_interview(answered).await.unwrap();
    }
    staff.close_round(closing(&round)).await.unwrap();
    staff.get_round_report(pb::GetRoundReportRequest { id: round.id }).await.unwrap().into_inner()
}

async fn waiting(staff: &mut Rounds, round: &pb::Round) -> Vec<pb::Interview> {
    let of = pb::ListInterviewsRequest {
        district: JIANGBEI.into(),
        round: round.id.clone(),
        state: Waiting.into(),
        page_size: 200,
        ..Default::default()
    };
    staff.list_interviews(of).await.unwrap().into_inner().interviews
}

#[tokio::test(flavor = "multi_thread")]
async fn two_rounds_of_200_find_347_of_400_satisfied() {
    let world = World::new().await;
    let mut all = Vec::new();
    for (day, satisfied) in [("2026-11-23", 173), ("2026-11-24", 174)] {
        let report = round(&world, day, satisfied).await;
        let whole = report.whole.unwrap();
        assert_eq!((whole.population, whole.sample, whole.waiting), (260, 200, 0));
        assert_eq!((whole.asked, whole.answered, whole.refused, whole.standing_in), (212, 200, 12, 12));
        assert_eq!(report.covered, 1.0);
        all.push(whole.satisfied.unwrap());
        world.clock.advance(Duration::from_secs(24 * 3600));
    }
    // Drawn in proportion and all heard: what is weighed is what was counted.
    assert!((all[0].rate - 0.865).abs() < 1e-9 && (all[1].rate - 0.87).abs() < 1e-9, "{all:?}");
    let satisfied: i32 = all.iter().map(|it| it.count).sum();
    assert_eq!(satisfied, 347);
    let share = f64::from(satisfied) / 400.0;
    assert_eq!((share * 1000.0).floor() / 10.0, 86.7, "as published");
    // 200 of 260 were heard: the truth of all 260 lies closer than two and a half points.
    for it in &all {
        assert!(it.low < it.rate && it.rate < it.high && it.high - it.low < 0.05, "{it:?}");
    }
    world.assert_log_is_true().await;
    world.stop().await;
}
