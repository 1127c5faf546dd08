//! Who may call what. Which callbacks they may see or judge is in `reach`.

use huying_chassis::auth::{Access, Role};

const READERS: &[Role] = &[
    Role::Callback,
    Role::Leader,
    Role::Desk,
    Role::Officer,
    Role::Department,
    Role::Operator,
    Role::Service,
];

/// A desk, an officer or a department works on cases: they must not judge any.
const JUDGES: &[Role] = &[Role::Callback, Role::Leader];

pub const ACCESS: [Access; 6] = [
    Access::roles("/huying.evaluation.v1.EvaluationService/GetCallback", READERS),
    Access::roles("/huying.evaluation.v1.EvaluationService/ListCallbacks", READERS),
    Access::roles("/huying.evaluation.v1.EvaluationService/GetRates", READERS),
    Access::roles("/huying.evaluation.v1.EvaluationService/RecordVerdict", JUDGES),
    Access::roles("/huying.evaluation.v1.EvaluationService/RecordAttempt", JUDGES),
    Access::roles("/huying.evaluation.v1.EvaluationService/ApplyProfile", &[Role::Operator]),
];
