//! How a tale begins: it comes in at a door, routing decides, casework opens the case.

use anyhow::ensure;
use huying_proto::casework::v1::{CaseState, GetCaseRequest};
use huying_proto::common::v1::Location;
use huying_proto::intake::v1::{Channel, Reporter, SubmitRequestRequest};
use huying_proto::routing::v1::{GetRouteRequest, Route, RouteState};

use super::stage::{Play, eventually, there};
use crate::client::{Who, request_id};
use crate::words::Word;

impl Play<'_> {
    pub(super) async fn submit(&mut self) -> anyhow::Result<()> {
        let tale = self.tale;
        let (who, name) = match tale.first_contact {
            Some(unit) => (Box::pin(self.staff(unit)).await?, Box::pin(self.name(unit)).await?),
            None => (
                Who::Platform { area: self.district.clone(), door: tale.channel.english() },
                "[线上] 微邻里 platform".to_owned(),
            ),
        };
        let needs_number = matches!(tale.channel, Channel::Hotline | Channel::FromAbove);
        let request = SubmitRequestRequest {
            request_id: request_id(),
            district: self.district.clone(),
            channel: tale.channel.into(),
            external_id: if needs_number { request_id() } else { String::new() },
            reporter: Some(Reporter { kind: tale.reporter.into(), ..Reporter::default() }),
            content: tale.content.to_owned(),
            location: Some(Location {
                address: tale.address.to_owned(),
                area: tale.area.to_owned(),
                point: None,
            }),
            concerns: tale.concerns.iter().map(|it| (*it).into()).collect(),
            ..SubmitRequestRequest::default()
        };
        let taken = self.client.requests(&who)?.submit_request(request).await?.into_inner();
        self.request = taken.request.unwrap_or_default();
        self.tracking_token = taken.tracking_token;
        let told =
            format!("{} · {} · {}", self.request.number, tale.channel.chinese(), tale.reporter.chinese());
        self.screen.step(&name, "接单 submit", &told)?;
        self.screen.more(&format!("“{}”", tale.content))
    }

    pub(super) async fn routed(&mut self) -> anyhow::Result<()> {
        let route = Box::pin(self.decided_route()).await?;
        let decision = route.decision.clone().unwrap_or_default();
        let tale = self.tale;
        ensure!(
            decision.category == tale.category,
            "the category is {}, not {}",
            decision.category,
            tale.category
        );
        ensure!(
            decision.tier() == tale.tier,
            "it starts at the {}, not the {}",
            decision.tier().english(),
            tale.tier.english()
        );
        ensure!(decision.holder == tale.holder, "the holder is {}, not {}", decision.holder, tale.holder);
        let holder = Box::pin(self.name(&decision.holder)).await?;
        let told = format!("→ {holder}");
        self.screen.step("研判 routing", "研判 decide", &told)?;
        for reason in &decision.reasons {
            self.screen.more(&format!("{}: {} [{}]", reason.part, reason.text, reason.rule))?;
        }
        Ok(())
    }

    pub(super) async fn decided_route(&self) -> anyhow::Result<Route> {
        let id = self.request.id.clone();
        eventually("routing decides the request", || async {
            let asked =
                self.client.routes(&self.reader)?.get_route(GetRouteRequest { request: id.clone() }).await;
            let Some(route) = there(asked)? else {
                return Ok(Err("there is no route yet".to_owned()));
            };
            let (is, lacks) = (route.state(), route.undecided.join(", "));
            let decided = is == RouteState::Decided;
            Ok(if decided { Ok(route) } else { Err(format!("it is {}, undecided: {lacks}", is.english())) })
        })
        .await
    }

    pub(super) async fn opened(&mut self) -> anyhow::Result<()> {
        let number = self.request.number.clone();
        self.case = eventually("casework opens the case", || async {
            let asked =
                self.client.cases(&self.reader)?.get_case(GetCaseRequest { id: number.clone() }).await;
            Ok(there(asked)?.ok_or_else(|| "there is no case yet".to_owned()))
        })
        .await?;
        let first = self.case.visit_first || self.tale.concerns.is_empty();
        ensure!(first, "a home visit does not come first");
        ensure!(self.case.state() == CaseState::Assigned, "the case is {}", self.case.state().english());
        self.follows("立案 open").await
    }
}
