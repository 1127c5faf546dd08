//! What the trade sends with a request (工单): typed, and shown.

use clap::Args;
use huying_proto::intake::v1::{AttachmentReference, Order, RequestType};

use crate::{
    cli::session::{Moment, moment},
    client::Client,
    words::{self, Word as _},
};

/// What comes with a request, as typed.
#[derive(Args, Debug)]
pub struct Typed {
    /// What kind of request it is
    #[arg(long = "type", value_parser = words::parser::<RequestType>(), value_name = "TYPE")]
    request_type: Option<RequestType>,
    /// A title
    #[arg(long, value_name = "TEXT", default_value = "")]
    title: String,
    /// The door calls it urgent (紧急灯)
    #[arg(long)]
    urgent: bool,
    /// The platform's own deadline: a day, or an instant
    #[arg(long, value_parser = moment, value_name = "WHEN")]
    platform_due: Option<Moment>,
    /// Whom or what it is about
    #[arg(long, value_name = "TEXT", default_value = "")]
    complained_of: String,
    /// The number of an order that it goes with
    #[arg(long, value_name = "TEXT", default_value = "")]
    related: String,
    /// It repeats that order
    #[arg(long, requires = "related")]
    repeated: bool,
    /// When the call came in: a day, or an instant
    #[arg(long, value_parser = moment, value_name = "WHEN")]
    call_time: Option<Moment>,
    /// Who took the call
    #[arg(long, value_name = "TEXT", default_value = "")]
    taker: String,
    /// The reporter is not to be named: only the first contact sees who calls
    #[arg(long)]
    anonymous: bool,
    /// Only the first contact sees who calls
    #[arg(long)]
    confidential: bool,
    /// Whether the reporter wants to be told the answer
    #[arg(long, value_name = "true|false")]
    answer_wanted: Option<bool>,
    /// Whether the reporter wants to be called back
    #[arg(long, value_name = "true|false")]
    callback_wanted: Option<bool>,
    /// A file of the door, by its address; several times
    #[arg(long = "attach", value_name = "URI")]
    attachments: Vec<String>,
    /// Whatever else the door has; several times
    #[arg(long = "extension", value_parser = extension, value_name = "KEY=TEXT")]
    extensions: Vec<(String, String)>,
}

fn extension(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=TEXT, such as 工单级别=二级")?;
    Ok((key.to_owned(), value.to_owned()))
}

impl Typed {
    pub(super) fn order(self, client: &Client) -> Order {
        let at = |when: Option<Moment>| when.map(|when| huying_wire::instant::write(when.at(client)));
        let attachment = |uri| AttachmentReference { uri, ..AttachmentReference::default() };
        Order {
            r#type: self.request_type.unwrap_or(RequestType::Unspecified).into(),
            title: self.title,
            urgent: self.urgent,
            platform_due_time: at(self.platform_due),
            complained_of: self.complained_of,
            related_number: self.related,
            repeated: self.repeated,
            call_time: at(self.call_time),
            taker: self.taker,
            anonymous: self.anonymous,
            confidential: self.confidential,
            answer_wanted: self.answer_wanted,
            callback_wanted: self.callback_wanted,
            attachments: self.attachments.into_iter().map(attachment).collect(),
            extensions: self.extensions.into_iter().collect(),
        }
    }
}

/// What came with a request, for people.
pub(super) fn fields(client: &Client, order: &Order) -> Vec<(&'static str, String)> {
    let marks = [
        ("urgent", order.urgent),
        ("repeated", order.repeated),
        ("anonymous", order.anonymous),
        ("confidential", order.confidential),
        ("no answer wanted", order.answer_wanted == Some(false)),
        ("no callback wanted", order.callback_wanted == Some(false)),
    ];
    let marked = marks.iter().filter(|(_, holds)| *holds).map(|(mark, _)| *mark);
    let attachments = order.attachments.iter().map(|it| format!("{} {}", it.name, it.uri).trim().to_owned());
    vec![
        ("type", order.r#type().both()),
        ("title", order.title.clone()),
        ("marks", marked.collect::<Vec<_>>().join(", ")),
        ("platform due", client.when(order.platform_due_time.as_ref())),
        ("complained of", order.complained_of.clone()),
        ("related", order.related_number.clone()),
        ("called", client.when(order.call_time.as_ref())),
        ("taker", order.taker.clone()),
        ("attachments", attachments.collect::<Vec<_>>().join("\n")),
    ]
}
