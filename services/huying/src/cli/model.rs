//! `huying model`: a district's learned classifiers, and what the next ones learn from.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use huying_learn::LARGEST;
use huying_proto::routing::v1::{
    ApplyModelRequest, Example, GetModelRequest, ListExamplesRequest, Model, ModelOf,
};
use serde_json::json;

use super::Session;
use super::page::head;
use crate::client::{Client, Who, request_id};
use crate::failure::wrong;
use crate::output::note;
use crate::words::{self, Word as _};

/// Routes looked at at once.
const PAGE: i32 = 200;

/// A district's learned classifiers (学习分类): of categories, asked where no rule tells one, and of units, suggested to the desk
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying model export --out decided.jsonl
  huying train --from decided.jsonl --out jiangan.model
  huying model apply jiangan.model
  huying train --from decided.jsonl --out jiangan-units.model --field unit
  huying model apply jiangan-units.model --of unit
  huying model show")]
pub enum Command {
    /// Give the district a model, in place of the one that it has
    #[command(after_help = "\
examples:
  huying model apply jiangan.model
  huying model apply jiangan-units.model --of unit
  huying model apply jiangan.model --district 420102")]
    Apply {
        /// The file that `huying train` wrote
        #[arg(value_name = "FILE")]
        model: PathBuf,
        /// What it tells; categories if not given
        #[arg(long, value_parser = words::parser::<ModelOf>())]
        of: Option<ModelOf>,
    },
    /// Which model the district has
    #[command(after_help = "\
examples:
  huying model show
  huying model show --of unit
  huying model show --district 420102 -o json")]
    Show {
        /// Of what; categories if not given
        #[arg(long, value_parser = words::parser::<ModelOf>())]
        of: Option<ModelOf>,
    },
    /// Write down requests with the category and unit that rules or people decided, as JSON lines for `huying train`
    #[command(
        long_about = "\
Write down requests with the category and unit that rules or people decided, as JSON lines for `huying train`: `id`, `topic`, `text`,
`label` (the category), `unit` (whose business it was) and `rule`. What a model decided is left out, so that none learns from itself. The
texts are the reporters' own and may name people: the file can be read by you alone; delete it when the model is made. The model itself
has no texts in it.",
        after_help = "\
examples:
  huying model export --out decided.jsonl
  huying model export --out decided.jsonl --district 420102"
    )]
    Export {
        /// Where they go; a file that is there is replaced
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let district = client.district()?;
        let mut learning = client.learning(&Who::Operator)?;
        let model = match self {
            Self::Apply { model, of } => {
                let (model, of) = (bytes(&model)?, of.unwrap_or_default().into());
                let request = ApplyModelRequest { request_id: request_id(), district, model, of };
                learning.apply_model(request).await?.into_inner()
            }
            Self::Show { of } => {
                let of = of.unwrap_or_default().into();
                learning.get_model(GetModelRequest { district, of }).await?.into_inner()
            }
            Self::Export { out } => return export(&client, &district, &out).await,
        };
        if model.model.is_empty() && !session.out.is_json() {
            return note("no model is applied");
        }
        head(session, &client, "model 学习分类")?;
        session.out.one(&model, fields)
    }
}

fn fields(model: &Model) -> Vec<(&'static str, String)> {
    vec![
        ("district", model.district.clone()),
        ("model", model.model.clone()),
        ("of", model.of().both()),
        ("examples", model.examples.to_string()),
        ("labels", model.categories.to_string()),
        ("macro-F1", format!("{:.4}", model.macro_f1)),
    ]
}

/// A file of at most as many bytes as a model has.
fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let name = file.display();
    let unread = |why| wrong(format!("{name}: {why}"), "name a file that `huying train` wrote");
    let size = fs::metadata(file).map_err(unread)?.len();
    if size > LARGEST as u64 {
        return Err(wrong(format!("{name} has {size} bytes"), format!("a model has at most {LARGEST}")));
    }
    fs::read(file).map_err(unread)
}

/// Writes beside it, readable by nobody else, and then puts it in its place.
async fn export(client: &Client, district: &str, out: &Path) -> anyhow::Result<()> {
    let mut learning = client.learning(&Who::Operator)?;
    let folder = out.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unwritten = |why| wrong(format!("{}: {why}", out.display()), "name a place that can be written to");
    let mut file = BufWriter::new(tempfile::NamedTempFile::new_in(folder).map_err(unwritten)?);
    let (mut count, mut page_token) = (0, String::new());
    loop {
        let asked = ListExamplesRequest { district: district.to_owned(), page_size: PAGE, page_token };
        let page = learning.list_examples(asked).await?.into_inner();
        count += page.examples.len();
        for Example { request, title, content, category, unit, rule } in page.examples {
            let line = json!({
                "id": request, "topic": title, "text": content, "label": category, "unit": unit, "rule": rule
            });
            writeln!(file, "{line}").map_err(unwritten)?;
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let file = file.into_inner().map_err(|error| unwritten(error.into_error()))?;
    file.persist(out).map_err(|error| unwritten(error.error))?;
    note(&format!("{count} examples"))
}
