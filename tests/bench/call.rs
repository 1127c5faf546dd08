//! Callers as they are: one that is told to come again comes again.

use std::time::Duration;

use huying_proto::intake::v1::{GetRequestRequest, request_service_client::RequestServiceClient};
use huying_testing::{Wire, reason};
use huying_tests::People;
use tonic::{Code, Response, Status};

/// Before one that was shed calls again.
const AGAIN: Duration = Duration::from_millis(50);

/// The answer of a call, made anew while the service is overloaded.
pub async fn again<T, F: Future<Output = Result<Response<T>, Status>>>(call: impl Fn() -> F) -> T {
    loop {
        match call().await {
            Ok(answer) => return answer.into_inner(),
            Err(status) => assert!(is_full(&status), "{status}"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Submits a call. Its number.
pub async fn submit(platform: &RequestServiceClient<Wire>) -> String {
    let call = People::blocked_way();
    let receipt = again(|| {
        let (mut platform, call) = (platform.clone(), call.clone());
        async move { platform.submit_request(call).await }
    });
    receipt.await.request.unwrap().number
}

/// Looks at a request.
pub async fn read(platform: &RequestServiceClient<Wire>, number: String) {
    again(|| {
        let (mut platform, get) = (platform.clone(), GetRequestRequest { id: number.clone() });
        async move { platform.get_request(get).await }
    })
    .await;
}

/// Whether it is only for now: what waits is too much, or who calls. A quota is for the day.
fn is_full(status: &Status) -> bool {
    [Code::Unavailable, Code::ResourceExhausted].contains(&status.code()) && reason(status) != "QUOTA_SPENT"
}
