//! What can be typed: one file per family of commands.
//!
//! Every command has examples in its help (a test walks them all). `main` reads the command line,
//! runs one command, and turns a failure into text and a number (see [`crate::failure`]).

mod appeal;
mod approval;
mod archive;
mod area;
mod audit;
mod bond;
mod callback;
mod card;
mod case;
mod category;
mod classify;
mod completions;
mod dead_letters;
mod dispatch;
mod doctor;
mod effect;
mod evaluation;
mod events;
mod forget;
mod forum;
mod grid;
mod handbook;
mod held;
mod import;
mod inquiry;
pub(crate) mod jsonl;
mod keys;
mod ledger;
mod log;
mod meeting;
mod model;
mod names;
mod nats;
mod offer;
mod officer;
mod page;
mod profile;
mod rates;
mod rating;
mod report;
mod request;
mod risk;
mod round;
mod route;
mod session;
mod short;
mod signs;
mod story;
mod submit;
mod token;
mod topic;
mod topics;
mod train;
mod triage;
mod unit;
mod up;
mod visit;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use huying_chassis::config::TlsConfig;

pub use session::Session;

use crate::client::Reach;
use crate::failure::{Ending, report, wrong};
use crate::output::{Format, note};

/// 民有所呼、我必有应: takes requests, routes them, works cases through the tiers, asks how it went.
#[derive(Debug, Parser)]
#[command(
    name = "huying",
    version,
    propagate_version = true,
    after_help = "\
examples:
  huying up --profile deploy/profiles/jiangan --stories   everything on this machine, with one real district
  huying submit --channel online '路灯不亮了' --address '一元街道同兴社区'
  huying case list --overdue
  huying events tail --service casework
  huying doctor

ends with: 0 done · 1 a service refused · 64 wrong command or setting · 69 something is not there · 70 our own mistake"
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command knows.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// Data directory of `huying up`: where things are and the local issuer's key
    #[arg(long, global = true, env = "HUYING_DATA", default_value = ".data", value_name = "DIR")]
    pub data: PathBuf,
    /// Where a service is, such as casework=http://127.0.0.1:50053 (repeat; over the data directory's)
    #[arg(long, global = true, value_name = "SERVICE=URL", value_parser = session::at)]
    pub at: Vec<(String, String)>,
    /// File with the token to show, instead of one minted with the local key
    #[arg(long, global = true, env = "HUYING_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// PEM of the authority that signs the services' certificates, for https addresses
    #[arg(long, global = true, env = "HUYING_CA_FILE", value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// PEM of the certificate to show where services ask callers for one
    #[arg(long, global = true, env = "HUYING_CERT_FILE", value_name = "FILE")]
    pub cert_file: Option<PathBuf>,
    /// PEM of its key
    #[arg(long, global = true, env = "HUYING_CERT_KEY_FILE", value_name = "FILE")]
    pub cert_key_file: Option<PathBuf>,
    /// Let tokens and answers go unencrypted to addresses that are not on this machine, where something else encrypts them
    #[arg(long, global = true, env = "HUYING_PLAINTEXT")]
    pub plaintext: bool,
    /// Area code of the district meant; the first one running if not given
    #[arg(long, global = true, env = "HUYING_DISTRICT", value_name = "CODE")]
    pub district: Option<String>,
    /// Who acts, as the audit trail will say
    #[arg(long, global = true, env = "HUYING_ACTOR", default_value = "operator:huying", value_name = "TEXT")]
    pub actor: String,
    /// How to print
    #[arg(short, long, global = true, value_enum, default_value_t)]
    pub output: Format,
}

impl Global {
    fn session(self) -> Session {
        let tls = TlsConfig {
            ca_file: self.ca_file,
            cert_file: self.cert_file,
            key_file: self.cert_key_file,
            ..TlsConfig::default()
        };
        let reach = Reach {
            data: self.data,
            at: self.at,
            token_file: self.token_file,
            tls,
            plaintext: self.plaintext,
            actor: self.actor,
            district: self.district,
        };
        Session::new(reach, self.output)
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Up(Box<up::Up>),
    #[command(subcommand)]
    Story(story::Command),
    Submit(Box<submit::Submit>),
    Track(submit::Track),
    Forget(forget::Forget),
    Import(Box<import::Import>),
    #[command(subcommand)]
    Request(request::Command),
    #[command(subcommand)]
    Case(case::Command),
    #[command(subcommand)]
    Dispatch(dispatch::Command),
    #[command(subcommand)]
    Approval(approval::Command),
    #[command(subcommand)]
    Meeting(meeting::Command),
    #[command(subcommand)]
    Officer(officer::Command),
    #[command(subcommand)]
    Ledger(ledger::Command),
    #[command(subcommand)]
    Handbook(handbook::Command),
    #[command(subcommand)]
    Visit(visit::Command),
    #[command(subcommand)]
    Archive(archive::Command),
    #[command(subcommand)]
    Risk(risk::Command),
    #[command(subcommand)]
    Card(card::Command),
    #[command(subcommand)]
    Bond(bond::Command),
    #[command(subcommand)]
    Grid(grid::Command),
    #[command(subcommand)]
    Forum(Box<forum::Command>),
    #[command(subcommand)]
    Offer(Box<offer::Command>),
    #[command(subcommand)]
    Unit(unit::Command),
    #[command(subcommand)]
    Area(area::Command),
    #[command(subcommand)]
    Category(category::Command),
    #[command(subcommand)]
    Triage(triage::Command),
    #[command(subcommand)]
    Route(route::Command),
    #[command(subcommand)]
    Callback(callback::Command),
    #[command(subcommand)]
    Appeal(appeal::Command),
    #[command(subcommand)]
    Inquiry(inquiry::Command),
    #[command(subcommand)]
    Rating(rating::Command),
    Rates(rates::Rates),
    Effect(effect::Effect),
    Signs(signs::Signs),
    Report(report::Report),
    #[command(subcommand)]
    Evaluation(evaluation::Command),
    #[command(subcommand)]
    Round(round::Command),
    #[command(subcommand)]
    Profile(profile::Command),
    #[command(subcommand)]
    Model(model::Command),
    Train(train::Train),
    Classify(classify::Classify),
    #[command(subcommand)]
    Topic(topic::Command),
    Topics(topics::Topics),
    Token(token::Token),
    #[command(subcommand)]
    Events(events::Command),
    #[command(subcommand)]
    Nats(nats::Command),
    #[command(subcommand)]
    Log(log::Command),
    #[command(subcommand)]
    Audit(audit::Command),
    #[command(subcommand)]
    Keys(keys::Command),
    #[command(subcommand)]
    DeadLetters(dead_letters::Command),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
}

/// The whole of the binary.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(said) => {
            // Help and version are answers; all else is a wrong command.
            let code = if said.use_stderr() { Ending::Wrong.code() } else { 0 };
            let _ = said.print();
            return code.into();
        }
    };
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = note(report(&error).trim_end());
            Ending::of(&error).code().into()
        }
    }
}

fn start(cli: Cli) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(Box::pin(run(cli)))
}

/// Runs one command.
///
/// # Errors
/// Why it could not do what it was asked.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    if cli.global.output.is_document() && !matches!(cli.command, Command::Report(_)) {
        return Err(wrong("only `huying report` is written so", "print it as -o table, json or jsonl"));
    }
    let session = cli.global.session();
    match cli.command {
        Command::Up(up) => Box::pin(up.run(&session)).await,
        Command::Story(story) => Box::pin(story.run(&session)).await,
        Command::Submit(submit) => Box::pin(submit.run(&session)).await,
        Command::Track(track) => track.run(&session).await,
        Command::Forget(forget) => forget.run(&session).await,
        Command::Import(import) => Box::pin(import.run(&session)).await,
        Command::Request(request) => Box::pin(request.run(&session)).await,
        Command::Case(case) => Box::pin(case.run(&session)).await,
        Command::Dispatch(dispatch) => Box::pin(dispatch.run(&session)).await,
        Command::Meeting(meeting) => Box::pin(meeting.run(&session)).await,
        Command::Approval(approval) => Box::pin(approval.run(&session)).await,
        Command::Officer(officer) => Box::pin(officer.run(&session)).await,
        Command::Ledger(ledger) => Box::pin(ledger.run(&session)).await,
        Command::Handbook(handbook) => Box::pin(handbook.run(&session)).await,
        Command::Visit(visit) => Box::pin(visit.run(&session)).await,
        Command::Archive(archive) => Box::pin(archive.run(&session)).await,
        Command::Risk(risk) => Box::pin(risk.run(&session)).await,
        Command::Card(card) => Box::pin(card.run(&session)).await,
        Command::Bond(bond) => bond.run(&session).await,
        Command::Grid(grid) => grid.run(&session).await,
        Command::Forum(forum) => Box::pin(forum.run(&session)).await,
        Command::Offer(offer) => Box::pin(offer.run(&session)).await,
        Command::Unit(unit) => unit.run(&session).await,
        Command::Area(area) => area.run(&session).await,
        Command::Category(category) => category.run(&session).await,
        Command::Triage(triage) => triage.run(&session).await,
        Command::Route(route) => Box::pin(route.run(&session)).await,
        Command::Callback(callback) => Box::pin(callback.run(&session)).await,
        Command::Rates(rates) => rates.run(&session).await,
        Command::Effect(effect) => effect.run(&session).await,
        Command::Signs(signs) => signs.run(&session).await,
        Command::Report(report) => Box::pin(report.run(&session)).await,
        Command::Evaluation(command) => command.run(&session).await,
        Command::Appeal(appeal) => Box::pin(appeal.run(&session)).await,
        Command::Inquiry(inquiry) => Box::pin(inquiry.run(&session)).await,
        Command::Rating(rating) => Box::pin(rating.run(&session)).await,
        Command::Round(round) => Box::pin(round.run(&session)).await,
        Command::Profile(profile) => Box::pin(profile.run(&session)).await,
        Command::Model(model) => Box::pin(model.run(&session)).await,
        Command::Train(train) => train.run(&session),
        Command::Classify(classify) => classify.run(),
        Command::Topic(topic) => Box::pin(topic.run(&session)).await,
        Command::Topics(topics) => topics.run(&session).await,
        Command::Token(token) => token.run(&session).await,
        Command::Events(events) => Box::pin(events.run(&session)).await,
        Command::Nats(nats) => nats.run(&session).await,
        Command::Log(log) => log.run(&session).await,
        Command::Audit(audit) => Box::pin(audit.run(&session)).await,
        Command::Keys(keys) => keys.run(&session).await,
        Command::DeadLetters(dead_letters) => dead_letters.run(&session).await,
        Command::Doctor(doctor) => Box::pin(doctor.run(&session)).await,
        Command::Completions(completions) => completions.run(&session),
    }
}
