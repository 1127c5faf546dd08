//! Many steps in one call. Each is the very rpc that it stands for, with its own request id, so it is validated, reached, repeated and refused
//! as that; they are taken one after the other, since two may be on one case. Who may call is asked at the door, of the batch alone, so the
//! contract gives all of them the same callers (a test in `tests/it/access.rs` holds it to that).

use huying_chassis::{page, status, validate::Violations};
use huying_proto::casework::v1::{
    self as pb, batch_result::Result as Went, batch_step::Step as Asked, case_service_server::CaseService,
};
use prost::Message as _;
use tonic::{Extensions, Request, Status};

use super::Rpc;

/// Most steps in one call.
const MOST: usize = 100;

impl Rpc {
    pub(super) async fn batch(
        &self,
        request: Request<pb::BatchStepsRequest>,
    ) -> Result<pb::BatchStepsResponse, Status> {
        let (_, extensions, request) = request.into_parts();
        let mut v = Violations::new();
        v.list_len("steps", request.steps.len(), 1..=MOST);
        for (n, step) in request.steps.iter().take(MOST).enumerate() {
            v.require(&format!("steps[{n}]"), step.step.is_some(), "must be one of the steps");
        }
        v.finish()?;
        let (mut results, mut room) = (Vec::with_capacity(request.steps.len()), page::BYTES);
        for asked in request.steps.into_iter().filter_map(|step| step.step) {
            let went = match Box::pin(self.one(asked, &extensions)).await {
                Ok(case) => {
                    let told = told(case, room);
                    room = room.saturating_sub(told.encoded_len());
                    Went::Case(told)
                }
                Err(refused) => Went::Refusal(refusal(&refused)),
            };
            results.push(pb::BatchResult { result: Some(went) });
        }
        Ok(pb::BatchStepsResponse { results })
    }

    /// The step as its own rpc takes it, of the same caller.
    async fn one(&self, asked: Asked, extensions: &Extensions) -> Result<pb::Case, Status> {
        let answer = match asked {
            Asked::Accept(it) => self.accept_case(with(it, extensions)).await,
            Asked::Note(it) => self.add_note(with(it, extensions)).await,
            Asked::Delegate(it) => self.delegate_case(with(it, extensions)).await,
        };
        Ok(answer?.into_inner())
    }
}

/// What is told of a case: all of it where there is room, or else what the next step on it asks for.
fn told(case: pb::Case, room: usize) -> pb::Case {
    if case.encoded_len() <= room {
        return case;
    }
    let pb::Case { id, number, version, state, .. } = case;
    pb::Case { id, number, version, state, ..Default::default() }
}

fn with<M>(message: M, extensions: &Extensions) -> Request<M> {
    let mut request = Request::new(message);
    *request.extensions_mut() = extensions.clone();
    request
}

fn refusal(refused: &Status) -> pb::BatchRefusal {
    pb::BatchRefusal {
        code: refused.code().into(),
        reason: status::reason(refused).unwrap_or_default(),
        message: refused.message().to_owned(),
        status: refused.details().to_vec(),
    }
}
