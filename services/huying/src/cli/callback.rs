//! `huying callback`: asking reporters how it went.

use clap::{Args, Subcommand};
use huying_proto::common::v1::Solved;
use huying_proto::evaluation::v1::{
    AttemptOutcome, Callback, CallbackReason, CallbackState, GetQuestionsRequest, GiveVerdictRequest,
    IssueVerdictLinkRequest, ListCallbacksRequest, QuestionAnswer, RecordAttemptRequest,
    RecordVerdictRequest, Satisfaction, Verdict, VerdictReason,
};

use super::Session;
use super::case::find;
use super::held::Held;
use super::names::Names;
use super::page::{Most, head};
use super::short;
use crate::client::{Client, Who, request_id};
use crate::words::{self, Word};

/// Callbacks: was the reporter contacted, is it solved, are they satisfied (回访)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying callback list --state pending
  huying callback verdict JA-20261122-000001 --satisfaction satisfied
  huying callback attempt JA-20261122-000001 --note '无人接听'
  huying callback link JA-20261122-000001")]
pub enum Command {
    /// The earliest due first
    #[command(after_help = "\
examples:
  huying callback list --state pending
  huying callback list --case JA-20261122-000001
  huying callback list --unit S-420102003 -o json")]
    List {
        /// Only this state
        #[arg(long, value_parser = words::parser::<CallbackState>())]
        state: Option<CallbackState>,
        /// Only those judging this unit
        #[arg(long, value_name = "CODE", default_value = "")]
        unit: String,
        /// Only this case's, by number or id
        #[arg(long, value_name = "NUMBER", conflicts_with = "request")]
        case: Option<String>,
        /// Only this request's, by id
        #[arg(long, value_name = "ID", default_value = "")]
        request: String,
        #[command(flatten)]
        most: Most,
    },
    /// The reporter was reached and said this: wholly solved and not unsatisfied passes, all else fails
    #[command(after_help = "\
examples:
  huying callback verdict JA-20261122-000001 --satisfaction very-satisfied --comment '处理得很快'
  huying callback verdict JA-20261122-000001 --solved partly --satisfaction unsatisfied --reason slow
  huying callback verdict JA-20261122-000001 --satisfaction satisfied --answer came=yes
  huying callback verdict JA-20261122-000001 --satisfaction satisfied --unit C-420102003002")]
    Verdict {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        said: Box<Said>,
    },
    /// Nobody was reached this time, or they would not answer
    #[command(after_help = "\
examples:
  huying callback attempt JA-20261122-000001 --note '无人接听'
  huying callback attempt JA-20261122-000001 --outcome refused")]
    Attempt {
        #[command(flatten)]
        which: Which,
        /// How it went
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
        /// What it came to
        #[arg(long, value_parser = words::parser::<AttemptOutcome>(), default_value = "unreachable")]
        outcome: AttemptOutcome,
    },
    /// Make a token by which the reporter gives the verdict, once; it is shown this once
    #[command(after_help = "\
examples:
  huying callback link JA-20261122-000001
  huying callback link 019aa0f3-7e1c-7c3e-9a53-0d4c1a2b3c4d -o json")]
    Link {
        #[command(flatten)]
        which: Which,
    },
    /// What reporters are asked here, and which reasons they may give
    #[command(after_help = "\
examples:
  huying callback questions
  huying callback questions -o json")]
    Questions,
    /// Give a verdict as whoever was sent a token
    #[command(after_help = "\
examples:
  huying callback give --satisfaction satisfied   the token is typed, or piped in
  huying callback give --secret-file link.txt --solved no --satisfaction very-unsatisfied --reason unsolved")]
    Give {
        #[command(flatten)]
        held: Held,
        #[command(flatten)]
        said: Box<Said>,
    },
}

/// Which callback, and who asks.
#[derive(Debug, Args)]
pub struct Which {
    /// The number of the case that is asked about, or the callback's id
    #[arg(value_name = "NUMBER")]
    id: String,
    /// As the unit that took the request first, where the place lets it ask
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
}

/// What the reporter says.
#[derive(Debug, Args)]
pub struct Said {
    /// How satisfied
    #[arg(long, value_parser = words::parser::<Satisfaction>())]
    satisfaction: Satisfaction,
    /// Whether it is solved
    #[arg(long, value_parser = words::parser::<Solved>(), default_value = "yes")]
    solved: Solved,
    /// It is not solved: the same as --solved no
    #[arg(long, conflicts_with = "solved")]
    unsolved: bool,
    /// The unit did not contact the reporter
    #[arg(long)]
    uncontacted: bool,
    /// Whether the reporter was told the result; not given: not asked
    #[arg(long, value_name = "yes|no", value_parser = ["yes", "no"])]
    told: Option<String>,
    /// Why not, a reason of the place by its code; may be given several times
    #[arg(long, value_name = "CODE")]
    reason: Vec<String>,
    /// What was answered to a question of the place; may be given several times
    #[arg(long, value_name = "QUESTION=ANSWER", value_parser = answer)]
    answer: Vec<QuestionAnswer>,
    /// In the reporter's words
    #[arg(long, value_name = "TEXT", default_value = "")]
    comment: String,
}

fn answer(text: &str) -> Result<QuestionAnswer, String> {
    let (question, answer) = text.split_once('=').ok_or("write QUESTION=ANSWER, such as came=yes")?;
    Ok(QuestionAnswer { question: question.to_owned(), answer: answer.to_owned() })
}

impl Said {
    fn verdict(self) -> Verdict {
        let how_solved = if self.unsolved { Solved::No } else { self.solved };
        let reasons = self.reason.into_iter();
        Verdict {
            contacted: !self.uncontacted,
            solved: how_solved == Solved::Yes,
            satisfaction: self.satisfaction.into(),
            comment: self.comment,
            how_solved: how_solved.into(),
            told: self.told.map(|told| told == "yes"),
            reasons: reasons.map(|code| VerdictReason { code, text: String::new() }).collect(),
            answers: self.answer,
            ..Verdict::default()
        }
    }
}

impl Which {
    /// The callback, and who asks.
    async fn find(&self, client: &Client) -> anyhow::Result<(Who, Callback)> {
        let centre = Who::Callback { area: client.district()? };
        let callback = short::callback(client, &centre, &self.id).await?;
        let who = match &self.unit {
            Some(unit) => client.of_unit(unit).await?,
            None => centre,
        };
        Ok((who, callback))
    }
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let callback = match self {
            Self::List { state, unit, case, request, most } => {
                let who = Who::Callback { area: client.district()? };
                let case = match case {
                    Some(case) => find(&client, &client.reader()?, &case).await?.id,
                    None => String::new(),
                };
                let filter = ListCallbacksRequest {
                    district: client.district()?,
                    state: state.unwrap_or(CallbackState::Unspecified).into(),
                    unit,
                    case,
                    request,
                    ..ListCallbacksRequest::default()
                };
                return list(session, &client, &who, filter, most).await;
            }
            Self::Verdict { which, said } => {
                let (who, Callback { id, version, .. }) = which.find(&client).await?;
                let verdict = Some(said.verdict());
                let request = RecordVerdictRequest { request_id: request_id(), id, version, verdict };
                client.callbacks(&who)?.record_verdict(request).await?.into_inner()
            }
            Self::Attempt { which, note, outcome } => {
                let (who, Callback { id, version, .. }) = which.find(&client).await?;
                let outcome = outcome.into();
                let request = RecordAttemptRequest { request_id: request_id(), id, version, note, outcome };
                client.callbacks(&who)?.record_attempt(request).await?.into_inner()
            }
            Self::Link { which } => return link(session, &client, &which).await,
            Self::Questions => return questions(session, &client).await,
            Self::Give { held, said } => return give(session, &client, held.read()?, said.verdict()).await,
        };
        let mut names = Names::new(&client)?;
        names.learn_units([&callback.unit]).await?;
        head(session, &client, &callback.number)?;
        session.out.one(&callback, |callback| fields(&client, &names, callback))
    }
}

async fn link(session: &Session, client: &Client, which: &Which) -> anyhow::Result<()> {
    let (who, Callback { id, version, number, .. }) = which.find(client).await?;
    let request = IssueVerdictLinkRequest { request_id: request_id(), id, version };
    let issued = client.callbacks(&who)?.issue_verdict_link(request).await?.into_inner();
    head(session, client, &number)?;
    session.out.one(&issued, |issued| {
        vec![("token", issued.token.clone()), ("until", client.when(issued.expire_time.as_ref()))]
    })
}

async fn questions(session: &Session, client: &Client) -> anyhow::Result<()> {
    let request = GetQuestionsRequest { district: client.district()?, token: String::new() };
    let asked = client.questions(&Who::Nobody)?.get_questions(request).await?.into_inner();
    session.out.one(&asked, |asked| {
        let coded = |it: &[CallbackReason]| {
            it.iter().map(|it| format!("{} {}", it.code, it.text)).collect::<Vec<_>>().join("、")
        };
        let questions = asked.questions.iter().map(|it| match it.options.as_slice() {
            [] => format!("{} {}", it.code, it.text),
            options => format!("{} {} ({})", it.code, it.text, coded(options)),
        });
        vec![("reasons", coded(&asked.reasons)), ("questions", questions.collect::<Vec<_>>().join("；"))]
    })
}

async fn give(session: &Session, client: &Client, token: String, verdict: Verdict) -> anyhow::Result<()> {
    let request = GiveVerdictRequest { request_id: request_id(), token, verdict: Some(verdict) };
    let given = client.callbacks(&Who::Nobody)?.give_verdict(request).await?.into_inner();
    session.out.one(&given, |given| vec![("state", given.state().both())])
}

async fn list(
    session: &Session,
    client: &Client,
    who: &Who,
    filter: ListCallbacksRequest,
    most: Most,
) -> anyhow::Result<()> {
    let mut callbacks = client.callbacks(who)?;
    let callbacks = most
        .collect(async |page_size, page_token| {
            let page = ListCallbacksRequest { page_size, page_token, ..filter.clone() };
            let page = callbacks.list_callbacks(page).await?.into_inner();
            Ok((page.callbacks, page.next_page_token))
        })
        .await?;
    let mut names = Names::new(client)?;
    names.learn_units(callbacks.iter().map(|it| &it.unit)).await?;
    head(session, client, "callbacks 回访")?;
    session.out.list(
        &["number", "state", "unit", "due", "tries", "answer", "request", "id"],
        &callbacks,
        |callback| {
            vec![
                callback.number.clone(),
                callback.state().chinese().to_owned(),
                names.beside(&callback.unit),
                client.when(callback.due_time.as_ref()),
                callback.tries.to_string(),
                callback.answer.chars().take(24).collect(),
                callback.request.clone(),
                callback.id.clone(),
            ]
        },
    )
}

fn fields(client: &Client, names: &Names, callback: &Callback) -> Vec<(&'static str, String)> {
    let yes = |yes: bool| if yes { "yes 是" } else { "no 否" }.to_owned();
    let mut fields = vec![
        ("number", callback.number.clone()),
        ("id", callback.id.clone()),
        ("request", callback.request.clone()),
        ("state", callback.state().both()),
        ("unit", names.beside(&callback.unit)),
        ("asked by", callback.by().both()),
        ("attempt", callback.attempt.to_string()),
        ("tries", callback.tries.to_string()),
        ("answer", callback.answer.clone()),
        ("told solved", callback.told_solved().both()),
    ];
    if let Some(verdict) = &callback.verdict {
        let reasons: Vec<&str> = verdict.reasons.iter().map(|reason| reason.text.as_str()).collect();
        let answers: Vec<String> =
            verdict.answers.iter().map(|it| format!("{}={}", it.question, it.answer)).collect();
        fields.extend([
            ("contacted", yes(verdict.contacted)),
            ("told", verdict.told.map_or_else(String::new, yes)),
            ("solved", verdict.how_solved().both()),
            ("satisfied", verdict.satisfaction().both()),
            ("reasons", reasons.join("、")),
            ("answers", answers.join(" ")),
            ("comment", verdict.comment.clone()),
            ("taken by", verdict.by().both()),
        ]);
    }
    let settles = callback.settles.as_ref().map(|settles| settles.judgement().both());
    fields.extend([
        ("settles", settles.unwrap_or_default()),
        ("due", client.when(callback.due_time.as_ref())),
        ("ended", client.when(callback.end_time.as_ref())),
        ("version", callback.version.to_string()),
    ]);
    fields
}
