//! `SignService`: early signs.

use huying_chassis::{auth::Caller, page, validate::Violations};
use huying_proto::evaluation::v1::{self as pb, sign_service_server::SignService};
use tonic::{Request, Response, Status};

use super::Rpc;
use crate::{convert, domain::wanted::Placed};

#[tonic::async_trait]
impl SignService for Rpc {
    async fn list_signs(
        &self,
        request: Request<pb::ListSignsRequest>,
    ) -> Result<Response<pb::ListSignsResponse>, Status> {
        let caller = Caller::of(&request)?;
        let pb::ListSignsRequest { district, page_size, page_token } = request.into_inner();
        let mut v = Violations::new();
        v.digits("district", &district, &[6, 9]);
        v.finish()?;
        let (size, after) = (page::size(page_size)?, page::cursor(&page_token)?);
        let area = caller.reach.within(&district)?.to_owned();
        let page = self.app.signs(&Placed { district, area }, after, size).await?;
        let (signs, next_page_token) = page::shown(
            page.into_iter(),
            size,
            |last| last.id,
            |it| Some(convert::sign::sign(it.id, it.it.seen, it.it.raised_at)),
        );
        Ok(Response::new(pb::ListSignsResponse { signs, next_page_token }))
    }
}
