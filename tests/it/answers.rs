//! What every answer holds at most: whoever calls can always read it, whatever others have written. An rpc whose answer repeats something has a row
//! here, with where its bytes are bounded, or with the bounds that it consists of. A client takes 4 MiB.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use huying_chassis::page::{BYTES, WHOLE};
use huying_tests::world::root;
use prost::Message;
use prost_types::{FileDescriptorSet, field_descriptor_proto::Label};

use super::tidy::files;

const MOST: usize = 4 * 1024 * 1024;

/// All fields of one aggregate that are there once: a text of 8,000 characters and some of 2,000 at most.
const ONE: usize = 64 * 1024;
/// A case: its requests, files, refusals and groups beside them.
const CASE: usize = ONE + 200 * 200 + 50 * 1_500 + 10 * 20_000 + 5 * 30_000;
/// A request as it is told alone: the newest additions and the last lines of its progress beside it.
const REQUEST: usize = 2 * ONE + 50 * 8_100 + 50 * 8_100;

enum Bound {
    /// It ends when it has so many bytes as a page has, where it is made.
    Pages,
    /// So many of so many bytes each, all of them.
    Few(&'static [(usize, usize)]),
}
use Bound::{Few, Pages};

/// What is answered with. One aggregate is answered by many rpcs.
const ANSWERS: &[(&str, Bound)] = &[
    ("casework.Approval", Few(&[(1, ONE), (20, 600)])),
    ("casework.BatchStepsResponse", Few(&[(1, BYTES), (100, 9_000)])),
    ("casework.CallDepartmentsResponse", Few(&[(1, CASE), (10, ONE)])),
    ("casework.Case", Few(&[(1, CASE)])),
    ("casework.CountDispatchesResponse", Pages),
    ("casework.CountLedgerResponse", Pages),
    ("casework.CountMeetingsResponse", Few(&[(1_000, 100)])),
    ("casework.Dispatch", Few(&[(1, ONE), (5, 100)])),
    ("casework.DownloadAttachmentResponse", Few(&[(1, 256 * 1024 + 8 * 1024)])),
    ("casework.ExportLedgerResponse", Pages),
    ("casework.FormTaskForceResponse", Few(&[(1, CASE), (10, ONE)])),
    ("casework.GetAllowedStepsResponse", Few(&[(40, 600), (50, 8_000), (10, 3_000)])),
    ("casework.GetHistoryResponse", Pages),
    ("casework.HoldConsultationResponse", Few(&[(1, CASE), (10, ONE)])),
    ("casework.ListAbsencesResponse", Pages),
    ("casework.ListApprovalsResponse", Pages),
    ("casework.ListCasesResponse", Pages),
    ("casework.ListDispatchesResponse", Pages),
    ("casework.ListLedgerCasesResponse", Pages),
    ("casework.ListLedgersResponse", Few(&[(50, 2_000)])),
    ("casework.ListMeetingsResponse", Pages),
    ("casework.ListOfficersResponse", Few(&[(200, 2_000)])),
    ("casework.Meeting", Few(&[(1, ONE), (20, 10_000), (30, 1_000), (20, 600)])),
    ("casework.ApplyProfileResponse", Few(&[(200, 2_000)])),
    ("casework.WatchCasesResponse", Few(&[(1, CASE)])),
    ("casework.WatchDispatchesResponse", Few(&[(1, ONE), (5, 100)])),
    ("evaluation.ApplyProfileResponse", Few(&[(200, 2_000)])),
    ("evaluation.Callback", Few(&[(1, 2 * ONE), (200, 40)])),
    ("evaluation.CountInquiriesResponse", Few(&[(10, 20)])),
    ("evaluation.CountOverdueResponse", Few(&[(20, 40)])),
    ("evaluation.GetQuestionsResponse", Few(&[(90, 2_000)])),
    ("evaluation.GetRatesResponse", Few(&[(1, WHOLE), (1, 8_000), (50, 6_000)])),
    ("evaluation.HandOutResponse", Few(&[(100, 1_000)])),
    ("evaluation.Inquiry", Few(&[(1, ONE), (100, 40), (20, 9_000)])),
    ("evaluation.ListAppealsResponse", Pages),
    ("evaluation.ListCallbacksResponse", Pages),
    ("evaluation.ListInquiriesResponse", Pages),
    ("evaluation.ListInspectableCasesResponse", Pages),
    ("evaluation.ListInspectionsResponse", Pages),
    ("evaluation.ListInterviewsResponse", Pages),
    ("evaluation.ListPublicInquiriesResponse", Pages),
    ("evaluation.ListRatingsResponse", Pages),
    ("evaluation.ListRoundsResponse", Pages),
    ("evaluation.ListSignsResponse", Pages),
    ("evaluation.ListTopicsResponse", Pages),
    ("evaluation.Rating", Few(&[(1, ONE), (20, 2_000)])),
    ("evaluation.RecountResponse", Few(&[(20, 400)])),
    ("evaluation.Round", Few(&[(1, ONE), (2_000, 150)])),
    ("evaluation.RoundReport", Few(&[(1, ONE), (2_000, 150), (2_000, 700)])),
    ("evaluation.SimulateRatesResponse", Few(&[(2, WHOLE / 2), (2, 8_000), (100, 6_000)])),
    ("evaluation.Topic", Few(&[(1, ONE), (50, 10_000), (1_000, 40), (100, 200)])),
    ("intake.ApplyProfileResponse", Few(&[(200, 2_000)])),
    ("intake.Archive", Few(&[(1, ONE), (100, 5_000), (50, 40), (100, 200)])),
    ("intake.CountForumsResponse", Few(&[(10_000, 100)])),
    ("intake.CountRisksResponse", Few(&[(10_000, 100)])),
    ("intake.CountVisitsResponse", Few(&[(10_000, 100)])),
    ("intake.Forum", Few(&[(1, ONE), (200, 1_000), (50, 300), (20, 40)])),
    ("intake.GetCoverageResponse", Few(&[(10_000, 100)])),
    ("intake.GetParticipantsResponse", Few(&[(200, 1_000)])),
    ("intake.GetReporterResponse", Few(&[(1, ONE), (32, 5_000)])),
    ("intake.Guide", Few(&[(1, 2 * ONE), (50, 1_500), (20, 100)])),
    ("intake.IssueCardsResponse", Few(&[(500, 3_000)])),
    ("intake.ListAdditionsResponse", Pages),
    ("intake.ListArchivesResponse", Pages),
    ("intake.ListBondsResponse", Pages),
    ("intake.ListCardsResponse", Pages),
    ("intake.ListForumsResponse", Pages),
    ("intake.ListGuidesResponse", Pages),
    ("intake.ListKeysResponse", Few(&[(2_000, 100)])),
    ("intake.ListOffersResponse", Pages),
    ("intake.ListProgressResponse", Pages),
    ("intake.ListReadsResponse", Pages),
    ("intake.ListRequestsResponse", Pages),
    ("intake.ListRisksResponse", Pages),
    ("intake.ListVisitsDueResponse", Pages),
    ("intake.ListVisitsResponse", Pages),
    ("intake.Offer", Few(&[(1, ONE), (20, 3_000)])),
    ("intake.RecordVisitResponse", Few(&[(1, 2 * ONE), (20, 200)])),
    ("intake.Request", Few(&[(1, REQUEST)])),
    ("intake.RotateKeysResponse", Few(&[(2_000, 100), (50, 170), (1, 300)])),
    ("intake.SearchGuidesResponse", Pages),
    ("intake.Track", Few(&[(1, ONE), (50, 8_100)])),
    ("intake.Visit", Few(&[(1, 2 * ONE), (20, 300), (20, 300), (20, 2_000)])),
    ("intake.WatchRequestsResponse", Few(&[(1, REQUEST)])),
    ("log.CheckMarksResponse", Few(&[(1_000, 150)])),
    ("log.ListAnchorsResponse", Pages),
    ("log.ListDeadLettersResponse", Pages),
    ("log.ListWatermarksResponse", Few(&[(10_000, 150)])),
    // One event more than a page, and the bus takes none of more than 1 MiB.
    ("log.ReadAggregateResponse", Few(&[(2, BYTES)])),
    ("log.VerifyAnchorsResponse", Few(&[(1, BYTES), (22, 1_700), (1, 300)])),
    ("log.VerifyLogResponse", Few(&[(1, BYTES), (1, 1_700), (1_000, 1_650), (20, 50)])),
    ("routing.ApplyProfileResponse", Few(&[(200, 2_000), (200, 2_000)])),
    ("routing.Area", Few(&[(1, ONE)])),
    ("routing.Category", Few(&[(1, ONE)])),
    ("routing.CountTriageResponse", Few(&[(10_000, 50), (20, 50)])),
    ("routing.Decision", Few(&[(1, 2 * ONE)])),
    ("routing.FindTwinsResponse", Few(&[(20, ONE)])),
    ("routing.GridForces", Few(&[(100, 1_500), (100, 300)])),
    ("routing.ListAreasResponse", Pages),
    ("routing.ListCategoriesResponse", Pages),
    ("routing.ListExamplesResponse", Pages),
    ("routing.ListTriageResponse", Pages),
    ("routing.ListTwinsResponse", Few(&[(20, ONE)])),
    ("routing.ListUnitsResponse", Pages),
    ("routing.ReadLocationResponse", Few(&[(1, 2 * ONE), (1_000, 50)])),
    ("routing.ResolveUnitsResponse", Few(&[(50, 3_000)])),
    ("routing.Route", Few(&[(1, 4 * ONE)])),
    ("routing.RouteExplanation", Few(&[(1, 8 * ONE), (8_000, 100), (5_000, 300)])),
    ("routing.SimulateProfileResponse", Pages),
    ("routing.Unit", Few(&[(1, 3_000)])),
];

/// Where an answer's bytes are counted.
const COUNTED: [&str; 8] = [
    "page::shown(",
    "page::fitted(",
    "page::fitting(",
    "page::halved(",
    "lists::told(",
    "history::told(",
    "read.page(",
    "self.lines(",
];

/// Every answer of ours that repeats something, or is one of a stream.
fn answered() -> BTreeSet<String> {
    let set = FileDescriptorSet::decode(huying_proto::DESCRIPTORS).unwrap();
    let mut repeating = BTreeSet::new();
    let mut answers = BTreeMap::new();
    for file in set.file.iter().filter(|file| file.package().starts_with("huying.")) {
        for message in &file.message_type {
            if message.field.iter().any(|field| field.label() == Label::Repeated) {
                repeating.insert(format!(".{}.{}", file.package(), message.name()));
            }
        }
        for method in file.service.iter().flat_map(|service| &service.method) {
            *answers.entry(method.output_type().to_owned()).or_default() |= method.server_streaming();
        }
    }
    let bounded = answers.into_iter().filter(|(answer, streamed)| *streamed || repeating.contains(answer));
    bounded.map(|(answer, _)| answer.replacen(".huying.", "", 1).replacen(".v1", "", 1)).collect()
}

#[test]
fn every_answer_that_repeats_something_has_its_bound() {
    let rows: BTreeSet<String> = ANSWERS.iter().map(|(answer, _)| (*answer).to_owned()).collect();
    let answered = answered();
    let without: Vec<_> = answered.difference(&rows).collect();
    assert!(without.is_empty(), "no row says what they hold at most: {without:?}");
    let unknown: Vec<_> = rows.difference(&answered).collect();
    assert!(unknown.is_empty(), "nothing is answered with: {unknown:?}");
    assert_eq!(rows.len(), ANSWERS.len(), "a row twice");
}

#[test]
fn what_is_few_is_no_more_than_a_client_takes() {
    for (answer, bound) in ANSWERS {
        let Few(parts) = bound else { continue };
        let bytes: usize = parts.iter().map(|(number, bytes)| number * bytes).sum();
        assert!(bytes <= MOST, "{answer} may have {bytes} bytes");
    }
}

#[test]
fn what_has_pages_is_counted_where_it_is_made() {
    let sources = files(&root().join("services"), ".rs").into_iter().filter(|path| {
        let path = path.to_string_lossy();
        path.contains("/src/grpc/") || path.contains("/src/log_service")
    });
    let sources: Vec<String> = sources.map(|path| fs::read_to_string(path).unwrap()).collect();
    for (answer, _) in ANSWERS.iter().filter(|(_, bound)| matches!(bound, Pages)) {
        let made = format!("pb::{} {{", answer.split_once('.').unwrap().1);
        let mut functions = sources.iter().flat_map(|source| source.split("async fn "));
        let makes = functions.find(|function| function.contains(&made));
        let makes = makes.unwrap_or_else(|| panic!("nobody makes {answer}"));
        assert!(COUNTED.iter().any(|counted| makes.contains(counted)), "{answer} is not counted in bytes");
    }
}
