//! What is typed of how a case was handled.

use clap::Args;
use huying_proto::casework::v1::{ContactMethod, Handling, Verification};
use huying_proto::common::v1::Solved;
use huying_wire::instant;
use huying_words::set_in;

use super::super::names::Names;
use crate::client::Client;
use crate::words::{self, Word as _};

#[derive(Args, Debug)]
pub struct HandlingArgs {
    /// 诉求属实: what the reporter claims is so
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    claim_true: Option<bool>,
    /// 超职责: it is beyond what the holder may do
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    beyond_duty: Option<bool>,
    /// 是否联系: somebody has spoken with the reporter
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    contacted: Option<bool>,
    /// 联系对象: with whom
    #[arg(long, value_name = "TEXT", default_value = "")]
    contact_name: String,
    /// Under which number
    #[arg(long, value_name = "PHONE", default_value = "")]
    contact_phone: String,
    /// 联系方式
    #[arg(long, value_parser = words::parser::<ContactMethod>())]
    contact_method: Option<ContactMethod>,
    /// 联系时间, such as 2026-11-22T10:30:00+08:00
    #[arg(long, value_name = "TIME", value_parser = time)]
    contact_time: Option<pbjson_types::Timestamp>,
    /// 是否解决
    #[arg(long, value_parser = words::parser::<Solved>())]
    solved: Option<Solved>,
    /// 未解决原因, where it is not solved or only partly
    #[arg(long, value_name = "TEXT", default_value = "")]
    unsolved_reason: String,
    /// 办理情况: what was done, for the offices
    #[arg(long, value_name = "TEXT", default_value = "")]
    work_done: String,
}

impl HandlingArgs {
    /// None: nothing was said.
    pub(super) fn said(self) -> Option<Handling> {
        let handling = Handling {
            claim_true: self.claim_true,
            beyond_duty: self.beyond_duty,
            contacted: self.contacted,
            contact_name: self.contact_name,
            contact_phone: self.contact_phone,
            contact_method: self.contact_method.unwrap_or(ContactMethod::Unspecified).into(),
            contact_time: self.contact_time,
            solved: self.solved.unwrap_or(Solved::Unspecified).into(),
            unsolved_reason: self.unsolved_reason,
            work_done: self.work_done,
        };
        Some(handling).filter(|it| *it != Handling::default())
    }
}

/// One line each of what was said.
pub(super) fn lines(client: &Client, it: &Handling) -> String {
    let yes = |said: Option<bool>| said.map(|yes| if yes { "是" } else { "否" }.to_owned());
    let text = |text: &str| Some(set_in(text)).filter(|text| !text.is_empty());
    let contact = [
        it.contact_name.clone(),
        it.contact_phone.clone(),
        it.contact_method().chinese().to_owned(),
        client.when(it.contact_time.as_ref()),
    ];
    let contact: Vec<_> = contact.into_iter().filter(|part| !part.is_empty()).collect();
    let said = [
        ("诉求属实", yes(it.claim_true)),
        ("超职责", yes(it.beyond_duty)),
        ("是否联系", yes(it.contacted)),
        ("联系", text(&contact.join(" "))),
        ("是否解决", text(it.solved().chinese())),
        ("未解决原因", text(&it.unsolved_reason)),
        ("办理情况", text(&it.work_done)),
    ];
    let lines = said.into_iter().filter_map(|(what, said)| Some(format!("{what} {}", said?)));
    lines.collect::<Vec<_>>().join("\n")
}

/// What was found on site, by whom and when.
pub(super) fn verified(client: &Client, names: &Names, it: &Verification) -> String {
    let passed = if it.passed { "通过" } else { "未通过" };
    format!("{passed} {} {} {}", client.when(it.time.as_ref()), names.beside(&it.unit), set_in(&it.finding))
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("write yes or no".to_owned()),
    }
}

fn time(text: &str) -> Result<pbjson_types::Timestamp, String> {
    let time = chrono::DateTime::parse_from_rfc3339(text);
    let time = time.map_err(|_| "write a time with its zone, such as 2026-11-22T10:30:00+08:00")?;
    Ok(instant::write(time.to_utc()))
}
