//! `huying submit` and `huying track`: the reporter's side.

mod order;

use clap::Args;
use huying_proto::common::v1::{Location, Point, PriorityKind};
use huying_proto::intake::v1::{
    Channel, Reporter, ReporterKind, Request, SubmitRequestRequest, SubmitRequestResponse, Track as Tracked,
    TrackRequestRequest,
};

use super::Session;
use super::held::Held;
use super::page::head;
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// Take a request (接单)
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying submit --channel online '路灯不亮了' --address '一元街道同兴社区胜利街158号'
  huying submit --channel grid_patrol --unit G-420102003002001 '行道树倾斜' --area 420102003002001
  huying submit --channel hotline --external-id 20261122-7 --unit D-420102 --phone 13800000000 '垃圾没人清' --lat 30.5878 --lon 114.3001
  huying submit --channel from_above --source 市长热线 --external-id 1001 --type complaint --urgent --platform-due 2026-12-01 '井盖丢失'
  huying submit --channel hotline --external-id 7 --type consultation '社保卡在哪里办' --answer '街道政务服务中心二楼'
  huying submit --channel service_card --unit G-341802107203002 '门前路灯不亮' --area 341802107203002 --concerns living-alone
  huying submit --channel hotline --external-id 8 --type consultation '高龄津贴怎么领' --guide gaoling
  huying submit --channel online -o json '噪音扰民' --area 420102010 | jq -r .trackingToken")]
pub struct Submit {
    /// What is asked, in the reporter's words
    content: String,
    /// The door it comes in by
    #[arg(long, value_parser = words::parser::<Channel>(), default_value = "online", value_name = "CHANNEL")]
    channel: Channel,
    /// The door's own number for it; the same one again gets the first answer
    #[arg(long, value_name = "TEXT", default_value = "")]
    external_id: String,
    /// From above: which platform or leader
    #[arg(long, value_name = "TEXT", default_value = "")]
    source: String,
    /// The unit that takes it and owes the answer (首问负责); a platform does if not given
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Where, in words
    #[arg(long, value_name = "TEXT", default_value = "")]
    address: String,
    /// Where, as an area code
    #[arg(long, value_name = "CODE", default_value = "")]
    area: String,
    /// Where: degrees north
    #[arg(long, requires = "lon", allow_negative_numbers = true, value_name = "DEGREES")]
    lat: Option<f64>,
    /// Where: degrees east
    #[arg(long, requires = "lat", allow_negative_numbers = true, value_name = "DEGREES")]
    lon: Option<f64>,
    /// The category, if the door knows it
    #[arg(long, value_name = "CODE", default_value = "")]
    category: String,
    /// Who calls
    #[arg(long, value_parser = words::parser::<ReporterKind>(), value_name = "KIND")]
    kind: Option<ReporterKind>,
    /// The reporter's name
    #[arg(long, value_name = "TEXT", default_value = "")]
    name: String,
    /// The reporter's phone, for the callback
    #[arg(long, value_name = "NUMBER", default_value = "")]
    phone: String,
    /// Another phone
    #[arg(long, value_name = "NUMBER", default_value = "")]
    second_phone: String,
    /// Whom the reporter speaks for
    #[arg(long, value_name = "TEXT", default_value = "")]
    on_behalf_of: String,
    /// Where the reporter lives, or the firm is
    #[arg(long, value_name = "TEXT", default_value = "")]
    reporter_address: String,
    /// Whom it concerns, where they come first (重点人群); may be repeated
    #[arg(long = "concerns", value_parser = words::parser::<PriorityKind>(), value_name = "KIND")]
    concerns: Vec<PriorityKind>,
    #[command(flatten)]
    order: order::Typed,
    /// A consultation's answer, which the reporter has been given: it is closed at once
    #[arg(long, value_name = "TEXT", default_value = "")]
    answer: String,
    /// The guide of the handbook that a consultation is answered from, by its code: it is closed at once
    #[arg(long, value_name = "CODE", default_value = "")]
    guide: String,
    /// Idempotency key (a UUID): the same one again gets the first answer
    #[arg(long, value_name = "UUID")]
    request_id: Option<String>,
}

impl Submit {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let who = match &self.unit {
            Some(unit) => client.of_unit(unit).await?,
            None => Who::Platform { area: client.district()?, door: self.channel.english() },
        };
        let district = client.district()?;
        let taken =
            client.requests(&who)?.submit_request(self.request(&client, district)).await?.into_inner();
        let number = taken.request.as_ref().map_or("", |request| request.number.as_str());
        head(session, &client, number)?;
        session.out.one(&taken, |taken| receipt(&client, taken))
    }

    fn request(self, client: &Client, district: String) -> SubmitRequestRequest {
        let told = self.kind.is_some()
            || [&self.name, &self.phone, &self.second_phone, &self.on_behalf_of, &self.reporter_address]
                .iter()
                .any(|given| !given.is_empty());
        let kind = self.kind.unwrap_or(ReporterKind::Resident).into();
        let point = self.lat.zip(self.lon).map(|(latitude, longitude)| Point {
            latitude,
            longitude,
            ..Point::default()
        });
        SubmitRequestRequest {
            request_id: self.request_id.unwrap_or_else(request_id),
            district,
            channel: self.channel.into(),
            external_id: self.external_id,
            source: self.source,
            reporter: told.then_some(Reporter {
                kind,
                name: self.name,
                phone: self.phone,
                second_phone: self.second_phone,
                on_behalf_of: self.on_behalf_of,
                address: self.reporter_address,
            }),
            content: self.content,
            location: Some(Location { address: self.address, area: self.area, point }),
            category: self.category,
            order: Some(self.order.order(client)),
            answer: self.answer,
            closed: None,
            concerns: self.concerns.into_iter().map(Into::into).collect(),
            guide: self.guide,
            guide_version: 0,
        }
    }
}

fn receipt(client: &Client, taken: &SubmitRequestResponse) -> Vec<(&'static str, String)> {
    let mut fields = taken.request.as_ref().map(|request| fields(client, request)).unwrap_or_default();
    fields.push(("tracking token", taken.tracking_token.clone()));
    fields
}

/// A request for people.
pub(super) fn fields(client: &Client, request: &Request) -> Vec<(&'static str, String)> {
    let location = request.location.as_ref();
    let first = request.first_contact.as_ref();
    let reporter = request.reporter.as_ref();
    let mut fields = vec![
        ("number", request.number.clone()),
        ("id", request.id.clone()),
        ("state", request.state().both()),
        ("channel", request.channel().both()),
        ("external id", request.external_id.clone()),
        ("source", request.source.clone()),
        (
            "reporter",
            reporter.map_or_else(String::new, |r| match request.forget_time {
                Some(_) => format!("{} 已遗忘 forgotten", r.kind().both()),
                None => format!("{} {} {} {}", r.kind().both(), r.name, r.phone, r.second_phone),
            }),
        ),
        ("on behalf of", reporter.map_or_else(String::new, |r| r.on_behalf_of.clone())),
        ("flags", request.flags().map(Word::both).collect::<Vec<_>>().join(", ")),
        ("concerns", request.concerns().map(Word::both).collect::<Vec<_>>().join(", ")),
        ("content", request.content.clone()),
        ("address", location.map_or_else(String::new, |location| location.address.clone())),
        ("area", location.map_or_else(String::new, |location| location.area.clone())),
        ("category", request.category.clone()),
        (
            "first contact",
            first.map_or_else(String::new, |first| {
                if first.unit.is_empty() { first.subject.clone() } else { first.unit.clone() }
            }),
        ),
        ("told", first.map_or_else(String::new, |first| client.when(first.discharge_time.as_ref()))),
        ("submitted", client.when(request.submit_time.as_ref())),
        (
            "added",
            lines(request.additions.iter().map(|a| (client.when(a.add_time.as_ref()), a.content.as_str()))),
        ),
        ("progress", lines(request.progress.iter().map(|p| (client.when(p.time.as_ref()), p.text.as_str())))),
        ("joined", some(request.joined)),
        ("repeats", some(request.repeats)),
        ("works on it", request.unit.clone()),
        ("due", client.when(request.due_time.as_ref())),
        ("answer", request.answer.clone()),
        ("from guide", guide(request)),
        ("case", request.case.clone()),
        ("version", request.version.to_string()),
    ];
    fields.extend(request.order.iter().flat_map(|order| order::fields(client, order)));
    fields
}

fn some(count: u32) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}

fn guide(request: &Request) -> String {
    match request.guide.as_str() {
        "" => String::new(),
        code => format!("{code}, version {}", request.guide_version),
    }
}

/// One line each: when, and what.
fn lines<'a>(entries: impl Iterator<Item = (String, &'a str)>) -> String {
    entries.map(|(when, what)| format!("{when}  {what}")).collect::<Vec<_>>().join("\n")
}

/// What became of a request, for its reporter (needs no right but the receipt)
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying track JA-20261122-000001   the secret on the receipt is typed, or piped in
  huying track JA-20261122-000001 --secret-file receipt.txt -o json")]
pub struct Track {
    /// The number on the receipt
    number: String,
    #[command(flatten)]
    held: Held,
}

impl Track {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let request = TrackRequestRequest { number: self.number, tracking_token: self.held.read()? };
        let track = client.requests(&Who::Nobody)?.track_request(request).await?.into_inner();
        head(session, &client, &track.number)?;
        session.out.one(&track, |track: &Tracked| {
            vec![
                ("number", track.number.clone()),
                ("state", track.state().both()),
                ("submitted", client.when(track.submit_time.as_ref())),
                (
                    "progress",
                    lines(track.progress.iter().map(|p| (client.when(p.time.as_ref()), p.text.as_str()))),
                ),
                ("works on it", track.unit.clone()),
                ("due", client.when(track.due_time.as_ref())),
                ("answer", track.answer.clone()),
                ("object until", client.when(track.object_until_time.as_ref())),
            ]
        })
    }
}
