//! A unit's inbox on screen.

use huying_proto::casework::v1::{
    Case, CaseLeft, WatchCasesRequest, WatchCasesResponse, case_service_client::CaseServiceClient,
};

use super::super::{Session, names::named, page::head};
use crate::client::{Client, follow};
use crate::words::Word;

pub(super) async fn watch(
    session: &Session,
    client: &Client,
    unit: String,
    cursor: String,
) -> anyhow::Result<()> {
    let who = client.of_unit(&unit).await?;
    let peer = client.channel("casework", &who)?.open_ended();
    let cases = CaseServiceClient::new(peer);
    let district = client.district()?;
    let open = async |cursor| {
        let request = WatchCasesRequest { district: district.clone(), unit: unit.clone(), cursor };
        Ok(cases.clone().watch_cases(request).await?.into_inner())
    };
    head(session, client, "cases 案件")?;
    follow(cursor, open, async |one: WatchCasesResponse| {
        let line = match (&one.case, &one.left) {
            (Some(case), _) => held(client, case),
            (None, Some(left)) => gone(left),
            (None, None) => return Ok(()),
        };
        session.out.event(&one, |_| line.clone())
    })
    .await
}

fn held(client: &Client, case: &Case) -> String {
    let due = case.due_time.as_ref().map(|due| format!("  due {}", client.when(Some(due))));
    let due = due.unwrap_or_default();
    format!("{}  {}  {}  {}{due}", case.number, case.state().both(), case.category, case.area)
}

fn gone(left: &CaseLeft) -> String {
    format!("{}  → {}", left.number, named(&left.holder, &left.holder_name))
}
