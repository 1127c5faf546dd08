//! Asking intake whose a request is: the one place where evaluation calls another service, and only when somebody of a platform or of a
//! unit asks. Read-only, so repeated while intake is Unavailable; the caller's deadline goes along.

use huying_chassis::{
    peers::{self, Peer},
    status::Problem,
};
use huying_proto::intake::v1::{GetRequestRequest, request_service_client::RequestServiceClient};
use tonic::Code;
use uuid::Uuid;

/// Intake, as evaluation sees it.
#[derive(Clone)]
pub struct Intake {
    peer: Peer,
}

/// Who took a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// The unit that is its first contact; empty where a platform is.
    pub unit: String,
    /// The platform that sent it, by issuer and subject; empty where people took it.
    pub platform: String,
}

impl Intake {
    pub fn new(peer: Peer) -> Self {
        Self { peer }
    }

    /// Who took a request; nobody where intake has none.
    ///
    /// # Errors
    /// `INTAKE_UNAVAILABLE`; an answer that makes no sense to us.
    pub async fn taken(&self, request: Uuid) -> Result<Taken, Problem> {
        let asked = GetRequestRequest { id: request.to_string() };
        let call = || {
            let (mut intake, asked) = (RequestServiceClient::new(self.peer.clone()), asked.clone());
            async move { intake.get_request(asked).await }
        };
        match Box::pin(peers::retry(call)).await {
            Ok(answer) => {
                let request = answer.into_inner();
                let unit = request.first_contact.map(|first| first.unit).unwrap_or_default();
                Ok(Taken { unit, platform: request.platform })
            }
            Err(status) if status.code() == Code::NotFound => Ok(Taken::default()),
            Err(status) if is_away(status.code()) => {
                let words = format!("intake does not answer: {}", status.message());
                let problem = Problem::new(Code::Unavailable, "INTAKE_UNAVAILABLE", words);
                Err(problem.retry_after(std::time::Duration::from_secs(1)))
            }
            Err(status) => {
                Err(Problem::bug(anyhow::anyhow!("intake answers {:?}: {}", status.code(), status.message())))
            }
        }
    }
}

fn is_away(code: Code) -> bool {
    [Code::Unavailable, Code::DeadlineExceeded, Code::Cancelled, Code::ResourceExhausted].contains(&code)
}
