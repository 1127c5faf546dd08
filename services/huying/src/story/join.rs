//! 并案: neighbours ask for the same, each by themselves, and their requests become one case.

use anyhow::ensure;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use huying_proto::casework::v1::{Case, GetCaseRequest, MergeCaseRequest, Outcome};
use huying_proto::common::v1::Location;
use huying_proto::intake::v1::{
    Channel, Reporter, ReporterKind, Request, RequestState, SubmitRequestRequest, TrackRequestRequest,
};

use super::stage::{Play, eventually, there};
use crate::client::{Who, request_id};
use crate::words::Word;

/// So many at once.
const AT_ONCE: usize = 10;

/// A neighbour's request, with what the receipt says, and the case that was opened on it.
pub(super) struct Neighbour {
    request: Request,
    tracking_token: String,
    pub(super) case: Case,
}

impl Play<'_> {
    pub(super) async fn join(&mut self, homes: u32, content: &str, reason: &str) -> anyhow::Result<()> {
        let place = (Channel::Online, self.tale.area, self.tale.address);
        let asked =
            stream::iter(1..=homes).map(|home| Box::pin(self.neighbour(place, home_says(home, content))));
        let neighbours: Vec<Neighbour> = asked.buffered(AT_ONCE).try_collect().await?;
        let numbers = || neighbours.iter().map(|it| it.request.number.as_str());
        let (first, last) = (numbers().min().unwrap_or_default(), numbers().max().unwrap_or_default());
        let told = format!("{homes} 户，{first} 至 {last}");
        self.screen.step("[线上] 微邻里 platform", "接单 submit", &told)?;
        self.screen.more(&format!("“{}”……", home_says(1, content)))?;
        self.pass();
        let mut cases = self.client.cases(&Box::pin(self.holder()).await?)?;
        for neighbour in &neighbours {
            let Case { id, version, .. } = neighbour.case.clone();
            let (into, reason) = (self.case.id.clone(), reason.to_owned());
            let request = MergeCaseRequest { request_id: request_id(), id, version, into, reason };
            let gone = cases.merge_case(request).await?.into_inner();
            ensure!(gone.outcome() == Outcome::Merged, "it closed as {}", gone.outcome().english());
        }
        Box::pin(self.look()).await?;
        let requests = self.case.requests.len();
        ensure!(requests == neighbours.len() + 1, "{requests} requests are on the case");
        self.neighbours = neighbours;
        Box::pin(self.says("并案 merge", &format!("{homes} 件并入，本案现有 {requests} 户诉求"))).await?;
        self.screen.more(reason)
    }

    /// Somebody calls for the same by a platform's door from a place.
    pub(super) async fn neighbour(
        &self,
        (channel, area, address): (Channel, &str, &str),
        content: String,
    ) -> anyhow::Result<Neighbour> {
        let platform = Who::Platform { area: self.district.clone(), door: channel.english() };
        let needs_number = matches!(channel, Channel::Hotline | Channel::FromAbove);
        let request = SubmitRequestRequest {
            request_id: request_id(),
            district: self.district.clone(),
            channel: channel.into(),
            external_id: if needs_number { request_id() } else { String::new() },
            reporter: Some(Reporter { kind: ReporterKind::Resident.into(), ..Reporter::default() }),
            content,
            location: Some(Location { address: address.to_owned(), area: area.to_owned(), point: None }),
            ..SubmitRequestRequest::default()
        };
        let taken = self.client.requests(&platform)?.submit_request(request).await?.into_inner();
        let (request, tracking_token) = (taken.request.unwrap_or_default(), taken.tracking_token);
        let case = eventually("casework opens a neighbour's case", || async {
            let request = GetCaseRequest { id: request.number.clone() };
            let asked = self.client.cases(&self.reader)?.get_case(request).await;
            Ok(there(asked)?.ok_or_else(|| "there is no case yet".to_owned()))
        })
        .await?;
        ensure!(case.category == self.tale.category, "a neighbour's category is {}", case.category);
        Ok(Neighbour { request, tracking_token, case })
    }

    /// Each neighbour reads the answer, by their own receipt.
    pub(super) async fn all_tracked(&mut self) -> anyhow::Result<()> {
        let homes = self.neighbours.len();
        if homes == 0 {
            return Ok(());
        }
        for neighbour in &self.neighbours {
            let (number, tracking_token) =
                (neighbour.request.number.clone(), neighbour.tracking_token.clone());
            let request = TrackRequestRequest { number, tracking_token };
            let track = self.client.requests(&Who::Nobody)?.track_request(request).await?.into_inner();
            let answered = track.state() == RequestState::Answered && track.answer == self.answer;
            ensure!(answered, "{} reads {} “{}”", track.number, track.state().english(), track.answer);
        }
        self.screen.step(
            "[线上] 微邻里 platform",
            "答复 answer",
            &format!("{homes} 户都查到答复 each has the answer"),
        )
    }
}

/// Which home it is, before what they all say.
fn home_says(home: u32, content: &str) -> String {
    let (building, floor, door) = (home.div_ceil(24), home.saturating_sub(1) / 4 % 6 + 1, (home - 1) % 4 + 1);
    format!("{building}栋{floor}0{door}：{content}")
}

#[cfg(test)]
mod tests {
    use super::home_says;

    #[test]
    fn a_building_has_six_floors_of_four_doors() {
        let told = |home| home_says(home, "");
        assert_eq!([told(1), told(4), told(5)], ["1栋101：", "1栋104：", "1栋201："]);
        assert_eq!([told(24), told(25), told(100)], ["1栋604：", "2栋101：", "5栋104："]);
    }
}
