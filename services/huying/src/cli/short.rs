//! What is called, asked for or convened on a case has an id and no number: people name it by the case's number. `JA-20261122-000001/2` is the
//! second dispatch that was called on that case, or the second meeting about it; an approval is named by the number alone, since of each kind
//! one is pending at most. An id does as well. One place for both ways: what is typed is looked up, what is shown is numbered. A called department,
//! with a token of its own, sees and so numbers its own dispatches alone.

use std::collections::BTreeMap;

use huying_proto::casework::v1::{
    Approval, ApprovalKind, Case, Dispatch, GetApprovalRequest, GetDispatchRequest, GetMeetingRequest,
    ListApprovalsRequest, ListDispatchesRequest, ListMeetingsRequest, Meeting, MeetingState,
};
use huying_proto::evaluation::v1::{Callback, CallbackState, GetCallbackRequest, ListCallbacksRequest};
use uuid::Uuid;

use super::case::find;
use super::names::named;
use crate::client::{Client, Who};
use crate::failure::wrong;
use crate::words::Word;

/// The most that a case has of anything that is numbered here.
const MOST: i32 = 50;

/// `JA-20261122-000001/2`, or without a number behind it.
///
/// # Errors
/// What stands behind the bar is no number from 1 on.
fn parse(name: &str) -> anyhow::Result<(&str, Option<usize>)> {
    let Some((case, nth)) = name.split_once('/') else { return Ok((name, None)) };
    match nth.parse() {
        Ok(nth) if nth > 0 && !case.is_empty() => Ok((case, Some(nth))),
        Ok(_) | Err(_) => Err(wrong(
            format!("'{name}' names nothing"),
            "write the case's number and which one, such as JA-20261122-000001/2, or an id",
        )),
    }
}

fn is_id(name: &str) -> bool {
    Uuid::try_parse(name).is_ok()
}

/// `JA-20261122-000001/2`.
fn numbered(number: &str, place: usize) -> String {
    format!("{number}/{}", place + 1)
}

/// What is there on a case, each with its place in the order that it is numbered by.
type Placed<T> = Vec<(usize, T)>;

/// One of them: which was said, or the only one.
///
/// # Errors
/// None there, not that one, or several and none said: then each stands in what to do.
fn choose<T>(
    (what, number): (&str, &str),
    nth: Option<usize>,
    of: Placed<T>,
    line: impl Fn(&T) -> String,
) -> anyhow::Result<T> {
    let each = of.iter().map(|(place, it)| format!("\n  {}  {}", numbered(number, *place), line(it)));
    let (count, each) = (of.len(), each.collect::<String>());
    let mut fitting = of.into_iter().filter(|(place, _)| nth.is_none_or(|nth| place + 1 == nth));
    match (fitting.next(), fitting.next()) {
        (Some((_, it)), None) => Ok(it),
        (None, _) if count == 0 => Err(wrong(format!("there is no {what} on {number}"), "")),
        (None, _) => Err(wrong(format!("{number} has no such {what}"), format!("name one of{each}"))),
        (Some(_), Some(_)) => {
            Err(wrong(format!("{number} has more than one {what}"), format!("name one of{each}")))
        }
    }
}

/// The dispatch of this name.
///
/// # Errors
/// See [`choose`]; the service's refusal.
pub(super) async fn dispatch(client: &Client, name: &str) -> anyhow::Result<Dispatch> {
    let who = client.reader()?;
    if is_id(name) {
        let request = GetDispatchRequest { id: name.to_owned() };
        return Ok(client.dispatches(&who)?.get_dispatch(request).await?.into_inner());
    }
    let (number, nth) = parse(name)?;
    let case = find(client, &who, number).await?;
    let called = dispatches_of(client, &case).await?;
    choose(("dispatch", &case.number), nth, called, |it| {
        format!("{}  {}", named(&it.unit, &it.unit_name), it.state().chinese())
    })
}

/// `JA-20261122-000001/2` of a dispatch that was called on this case.
pub(super) fn of(case: &Case, dispatch: &str) -> Option<String> {
    let place = case.dispatches.iter().position(|id| id == dispatch)?;
    Some(numbered(&case.number, place))
}

/// What was called on a case, as far as whoever asks sees it, in that order.
///
/// # Errors
/// The service's refusal.
pub(super) async fn dispatches_of(client: &Client, case: &Case) -> anyhow::Result<Placed<Dispatch>> {
    if case.dispatches.is_empty() {
        return Ok(Vec::new());
    }
    let request = ListDispatchesRequest {
        district: case.district.clone(),
        case: case.id.clone(),
        page_size: MOST,
        ..Default::default()
    };
    let listed =
        client.dispatches(&client.reader()?)?.list_dispatches(request).await?.into_inner().dispatches;
    let place = |it: Dispatch| Some((case.dispatches.iter().position(|id| *id == it.id)?, it));
    let mut placed: Placed<Dispatch> = listed.into_iter().filter_map(place).collect();
    placed.sort_by_key(|(place, _)| *place);
    Ok(placed)
}

/// The approval of this name: what is pending on the case, of this kind; or, where nothing is, what was asked for last.
///
/// # Errors
/// See [`choose`]; several are pending and no kind is said; the service's refusal.
pub(super) async fn approval(
    client: &Client,
    name: &str,
    kind: Option<ApprovalKind>,
) -> anyhow::Result<Approval> {
    let who = client.reader()?;
    let mut approvals = client.approvals(&who)?;
    if is_id(name) {
        let request = GetApprovalRequest { id: name.to_owned() };
        return Ok(approvals.get_approval(request).await?.into_inner());
    }
    let case = find(client, &who, name).await?;
    let fits = |of: ApprovalKind| kind.is_none_or(|kind| kind == of);
    let pending: Vec<_> = case.approvals.iter().filter(|it| fits(it.kind())).collect();
    if let [one] = pending[..] {
        let request = GetApprovalRequest { id: one.id.clone() };
        return Ok(approvals.get_approval(request).await?.into_inner());
    }
    if !pending.is_empty() {
        let kinds = pending.iter().map(|it| format!("\n  --kind {}", it.kind().both())).collect::<String>();
        return Err(wrong(
            format!("more than one thing is asked for on {}", case.number),
            format!("add one of{kinds}"),
        ));
    }
    let (district, case_id) = (case.district.clone(), case.id.clone());
    let request = ListApprovalsRequest { district, case: case_id, page_size: MOST, ..Default::default() };
    let listed = approvals.list_approvals(request).await?.into_inner().approvals;
    let last = listed.into_iter().find(|it| fits(it.kind()));
    last.ok_or_else(|| wrong(format!("nothing was asked for on {}", case.number), ""))
}

/// The meeting of this name.
///
/// # Errors
/// See [`choose`]; the service's refusal.
pub(super) async fn meeting(client: &Client, who: &Who, name: &str) -> anyhow::Result<Meeting> {
    let mut meetings = client.meetings(who)?;
    if is_id(name) {
        let request = GetMeetingRequest { id: name.to_owned() };
        return Ok(meetings.get_meeting(request).await?.into_inner());
    }
    let (number, nth) = parse(name)?;
    let case = find(client, who, number).await?;
    let mut about = Vec::new();
    for (place, id) in meetings_of(&case, &convened(client, who).await?).into_iter().enumerate() {
        about.push((place, meetings.get_meeting(GetMeetingRequest { id }).await?.into_inner()));
    }
    choose(("meeting", &case.number), nth, about, |it| {
        format!("{}  {}  {}", client.when(it.start_time.as_ref()), it.title, it.state().chinese())
    })
}

/// The callback of this name: the one of the case that is pending, or else the last.
///
/// # Errors
/// There is none, or several reporters are asked; the service's refusal.
pub(super) async fn callback(client: &Client, who: &Who, name: &str) -> anyhow::Result<Callback> {
    let mut callbacks = client.callbacks(who)?;
    if is_id(name) {
        return Ok(callbacks.get_callback(GetCallbackRequest { id: name.to_owned() }).await?.into_inner());
    }
    let case = find(client, &client.reader()?, name).await?;
    let request = |state: CallbackState| ListCallbacksRequest {
        district: case.district.clone(),
        case: case.id.clone(),
        state: state.into(),
        page_size: MOST,
        ..Default::default()
    };
    let pending = callbacks.list_callbacks(request(CallbackState::Pending)).await?.into_inner().callbacks;
    if let [first, _, ..] = &pending[..] {
        let told = pending.iter().map(|it| format!("{} for request {}", it.id, it.request));
        let told: Vec<String> = told.collect();
        let what = format!("{} reporters are asked about {}", pending.len(), case.number);
        return Err(wrong(what, format!("name one of them, such as {}: {}", first.id, told.join(", "))));
    }
    if let Some(only) = pending.into_iter().next() {
        return Ok(only);
    }
    let mut ended =
        callbacks.list_callbacks(request(CallbackState::Unspecified)).await?.into_inner().callbacks;
    ended.sort_by_key(|it| it.attempt);
    ended.pop().ok_or_else(|| wrong(format!("nobody is asked about {}", case.number), ""))
}

/// All meetings that are yet to be held; few at any time.
async fn convened(client: &Client, who: &Who) -> anyhow::Result<Vec<Meeting>> {
    let mut request = ListMeetingsRequest {
        district: client.district()?,
        state: MeetingState::Convened.into(),
        page_size: 200,
        ..Default::default()
    };
    let (mut meetings, mut found) = (client.meetings(who)?, Vec::new());
    loop {
        let page = meetings.list_meetings(request.clone()).await?.into_inner();
        found.extend(page.meetings);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            return Ok(found);
        }
    }
}

/// The ids of the meetings about a case: those held, in that order, then those convened, the earliest first.
fn meetings_of(case: &Case, convened: &[Meeting]) -> Vec<String> {
    let about = convened.iter().filter(|it| it.items.iter().any(|item| item.case == case.id));
    let mut ahead: Vec<String> = about.map(|it| it.id.clone()).collect();
    // An id begins with when it was made.
    ahead.sort();
    case.meetings.iter().cloned().chain(ahead).collect()
}

/// The numbers of what is shown; each case is looked up once.
pub(super) struct Shorts<'a> {
    client: &'a Client,
    cases: BTreeMap<String, Case>,
    convened: Option<Vec<Meeting>>,
}

impl<'a> Shorts<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client, cases: BTreeMap::new(), convened: None }
    }

    /// `JA-20261122-000001/2` of a dispatch.
    ///
    /// # Errors
    /// The service's refusal.
    pub(super) async fn dispatch(&mut self, it: &Dispatch) -> anyhow::Result<String> {
        let number = |cases: &BTreeMap<String, Case>| of(cases.get(&it.case)?, &it.id);
        if number(&self.cases).is_none() {
            self.learn(&it.case).await?;
        }
        Ok(number(&self.cases).unwrap_or_else(|| it.number.clone()))
    }

    /// The same of a meeting, by the first case that it is about; its id where it was called off.
    ///
    /// # Errors
    /// The service's refusal.
    pub(super) async fn meeting(&mut self, it: &Meeting) -> anyhow::Result<String> {
        let Some(item) = it.items.first() else { return Ok(it.id.clone()) };
        if !self.cases.contains_key(&item.case) {
            self.learn(&item.case).await?;
        }
        if self.convened.is_none() {
            self.convened = Some(convened(self.client, &self.client.reader()?).await?);
        }
        let (case, convened) = (self.cases.get(&item.case), self.convened.as_deref().unwrap_or_default());
        let place = case.and_then(|case| meetings_of(case, convened).iter().position(|id| *id == it.id));
        Ok(place.map_or_else(|| it.id.clone(), |place| numbered(&item.number, place)))
    }

    async fn learn(&mut self, case: &str) -> anyhow::Result<()> {
        let found = find(self.client, &self.client.reader()?, case).await?;
        self.cases.insert(case.to_owned(), found);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::report;

    #[test]
    fn a_name_is_read() {
        assert_eq!(parse("JA-20261122-000001/2").unwrap(), ("JA-20261122-000001", Some(2)));
        assert_eq!(parse("JA-20261122-000001-1").unwrap(), ("JA-20261122-000001-1", None));
        for wrong in ["JA-20261122-000001/0", "JA-20261122-000001/x", "JA-20261122-000001/", "/1", "JA-1/1/2"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(is_id("0198c0de-0000-7000-8000-000000000001") && !is_id("JA-20261122-000001"));
    }

    #[test]
    fn what_is_ambiguous_is_listed() {
        let of = |places: &[usize]| places.iter().map(|place| (*place, format!("DEP-{place}"))).collect();
        let choose = |nth, places: &[usize]| choose(("dispatch", "JA-1"), nth, of(places), Clone::clone);
        assert_eq!(choose(Some(2), &[0, 1]).unwrap(), "DEP-1");
        assert_eq!(choose(None, &[3]).unwrap(), "DEP-3", "the only one that is seen");
        let several = report(&choose(None, &[0, 1]).unwrap_err());
        assert_eq!(
            several,
            "huying: JA-1 has more than one dispatch\n  do: name one of\n  JA-1/1  DEP-0\n  JA-1/2  DEP-1\n"
        );
        assert!(
            report(&choose(Some(3), &[0, 1]).unwrap_err()).contains("no such dispatch\n  do: name one of")
        );
        assert_eq!(report(&choose(None, &[]).unwrap_err()), "huying: there is no dispatch on JA-1\n");
    }

    #[test]
    fn meetings_held_come_before_those_ahead() {
        let meeting = |id: &str, case: &str| Meeting {
            id: id.into(),
            items: vec![huying_proto::casework::v1::MeetingItem { case: case.into(), ..Default::default() }],
            ..Default::default()
        };
        let case = Case { id: "a".into(), meetings: vec!["5".into(), "2".into()], ..Default::default() };
        let convened = [meeting("9", "a"), meeting("7", "a"), meeting("8", "b")];
        assert_eq!(meetings_of(&case, &convened), ["5", "2", "7", "9"]);
    }
}
