//! tonic answers some things itself, without a reason and not always with the code the gRPC table
//! gives. Here those answers become like ours; answers that carry details are left alone.

use tonic::{Code, Status};

use super::arrive;
use super::deadline;
use super::layer::{Around, Inner, Next, Request, Response};
use crate::status::Problem;

#[derive(Clone)]
pub(super) struct Answer;

impl Around for Answer {
    async fn around<S: Inner>(self, request: Request, next: Next<S>) -> Response {
        let response = next.run(request).await;
        if !response.headers().contains_key("grpc-status")
            || response.headers().contains_key("grpc-status-details-bin")
        {
            return response;
        }
        match Status::from_header_map(response.headers()) {
            Some(status) if status.code() != Code::Ok => Status::from(ours(&status)).into_http(),
            Some(_) | None => response,
        }
    }
}

/// A status that tonic made by itself, with our code and a reason; also what ended the messages of a caller who streams. Known by their
/// words: tonic gives them no other mark. What is not known keeps its code.
pub fn ours(status: &Status) -> Problem {
    let (code, text) = (status.code(), status.message());
    if code == Code::OutOfRange && text.contains("message length too large") {
        arrive::too_large()
    } else if code == Code::Cancelled && text.contains("Timeout expired") {
        deadline::over()
    } else if code == Code::Unimplemented {
        Problem::new(code, "UNKNOWN_METHOD", "there is no such RPC here")
    } else if code == Code::Internal && text.starts_with("failed to decode Protobuf message") {
        // A message that is no message is the caller's mistake, not ours.
        Problem::new(Code::InvalidArgument, "MALFORMED_MESSAGE", "the message cannot be decoded")
    } else {
        Problem::dressed(code, text.to_owned())
    }
}
