//! How a tale begins: it comes in at a door, on a visit or by a card's number among them, routing decides, casework opens the case.

use anyhow::{Context as _, ensure};
use huying_proto::casework::v1::{CaseState, GetCaseRequest};
use huying_proto::common::v1::Location;
use huying_proto::intake::v1::{
    CardKind, Channel, Finding, FindingKind, GetRequestRequest, IssueCardsRequest, NoteCallRequest,
    RecordVisitRequest, Reporter, ReporterKind, Request, RequestType, SubmitRequestRequest, Visited,
    VisitedKind,
};
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
        (self.request, self.tracking_token) = if tale.channel == Channel::HomeVisit {
            Box::pin(self.found(&who)).await?
        } else if tale.channel == Channel::ServiceCard {
            Box::pin(self.phoned(&who)).await?
        } else {
            Box::pin(self.taken(&who)).await?
        };
        let told =
            format!("{} · {} · {}", self.request.number, tale.channel.chinese(), tale.reporter.chinese());
        self.screen.step(&name, "接单 submit", &told)?;
        self.screen.more(&format!("“{}”", tale.content))
    }

    /// By a door as such: the request, and what its reporter tracks it with.
    async fn taken(&self, who: &Who) -> anyhow::Result<(Request, String)> {
        let tale = self.tale;
        let needs_number = matches!(tale.channel, Channel::Hotline | Channel::FromAbove);
        let request = SubmitRequestRequest {
            request_id: request_id(),
            district: self.district.clone(),
            channel: tale.channel.into(),
            external_id: if needs_number { request_id() } else { String::new() },
            reporter: Some(Reporter { kind: tale.reporter.into(), ..Reporter::default() }),
            content: tale.content.to_owned(),
            location: Some(self.where_it_is()),
            concerns: self.concerns(),
            ..SubmitRequestRequest::default()
        };
        let taken = self.client.requests(who)?.submit_request(request).await?.into_inner();
        Ok((taken.request.unwrap_or_default(), taken.tracking_token))
    }

    /// On a visit, as what it found.
    async fn found(&self, who: &Who) -> anyhow::Result<(Request, String)> {
        let tale = self.tale;
        let kind = match tale.reporter {
            ReporterKind::Grassroots => VisitedKind::GrassrootsUnit,
            ReporterKind::Enterprise => VisitedKind::Enterprise,
            ReporterKind::Resident | ReporterKind::Unspecified => VisitedKind::Household,
        };
        let visited =
            Visited { address: tale.address.to_owned(), priority: self.concerns(), ..Visited::default() };
        let finding = Finding {
            kind: FindingKind::Request.into(),
            content: tale.content.to_owned(),
            r#type: RequestType::Help.into(),
            location: Some(self.where_it_is()),
            ..Finding::default()
        };
        let record = RecordVisitRequest {
            request_id: request_id(),
            district: self.district.clone(),
            area: tale.area.to_owned(),
            kind: kind.into(),
            visited: Some(visited),
            night: tale.content.contains("夜访"),
            team: vec!["固定干部".to_owned()],
            findings: vec![finding],
            ..RecordVisitRequest::default()
        };
        let recorded = self.client.visits(who)?.record_visit(record).await?.into_inner();
        let receipt = recorded.receipts.into_iter().next().context("the visit found nothing")?;
        let get = GetRequestRequest { id: receipt.number };
        let request = self.client.requests(who)?.get_request(get).await?.into_inner();
        Ok((request, receipt.tracking_token))
    }

    /// By the number on a card, which the desk has issued; the cadre notes the call.
    async fn phoned(&self, who: &Who) -> anyhow::Result<(Request, String)> {
        let tale = self.tale;
        let issue = IssueCardsRequest {
            request_id: request_id(),
            district: self.district.clone(),
            kind: CardKind::ServiceCard.into(),
            area: tale.area.to_owned(),
            unit: tale.first_contact.unwrap_or_default().to_owned(),
            cadre: "包村干部".to_owned(),
            phone: "0563-0000000".to_owned(),
            address: tale.address.to_owned(),
            count: 1,
        };
        let desk = Who::Desk { area: self.district.clone() };
        let issued = self.client.cards(&desk)?.issue_cards(issue).await?.into_inner();
        let card = issued.cards.into_iter().next().context("no card was issued")?;
        let call = NoteCallRequest {
            request_id: request_id(),
            id: card.id,
            content: tale.content.to_owned(),
            reporter: Some(Reporter { kind: tale.reporter.into(), ..Reporter::default() }),
            concerns: self.concerns(),
            ..NoteCallRequest::default()
        };
        let noted = self.client.cards(who)?.note_call(call).await?.into_inner();
        Ok((noted.request.unwrap_or_default(), noted.tracking_token))
    }

    fn where_it_is(&self) -> Location {
        Location { address: self.tale.address.to_owned(), area: self.tale.area.to_owned(), point: None }
    }

    fn concerns(&self) -> Vec<i32> {
        self.tale.concerns.iter().map(|it| (*it).into()).collect()
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
