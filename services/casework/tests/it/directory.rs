//! What a caller is told when routing gives no unit.

use huying_casework::directory::DirectoryError;
use huying_chassis::status::Problem;
use tonic::{Code, Status};

#[test]
fn routings_answers_become_caseworks_own() {
    let told = |code: Code, reason: &'static str| {
        let answer = Status::from(Problem::new(code, reason, "words"));
        let problem = Problem::from(DirectoryError::from(answer));
        (problem.code(), problem.reason().to_owned())
    };
    for (code, reason) in [
        (Code::FailedPrecondition, "NO_SUPERIOR"),
        (Code::InvalidArgument, "UNKNOWN_DISTRICT"),
        (Code::NotFound, "NOT_FOUND"),
    ] {
        let above = (Code::FailedPrecondition, "NO_SUCH_UNIT_ABOVE".to_owned());
        assert_eq!(told(code, reason), above, "{reason}");
    }
    let unknown = (Code::InvalidArgument, "UNKNOWN_UNIT".to_owned());
    assert_eq!(told(Code::InvalidArgument, "UNKNOWN_UNIT"), unknown);
    let away = (Code::Unavailable, "ROUTING_UNAVAILABLE".to_owned());
    assert_eq!(told(Code::Unavailable, "OVERLOADED"), away);
    assert_eq!(told(Code::PermissionDenied, "ROLE_NOT_ALLOWED").0, Code::Internal, "a mistake of ours");
}
