//! `huying category`: what a case can be about.

use clap::Subcommand;
use huying_proto::routing::v1::{Category, GetCategoryRequest, ListCategoriesRequest};

use super::Session;
use super::names::Names;
use super::page::Most;
use crate::words::{self, Word};

/// Categories: what a case can be about, where it starts, who is in charge
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying category list --name 路灯
  huying category list --unit DEP-yuanlin
  huying category show 47678.5:e:04002")]
pub enum Command {
    /// Categories of the district
    #[command(after_help = "\
examples:
  huying category list --name 路灯
  huying category list --unit DEP-yuanlin -o json")]
    List {
        /// Only those whose name, or whose group's, has this in it
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
        /// Only those that this unit leads or is concerned with
        #[arg(long, value_name = "UNIT")]
        unit: Option<String>,
        #[command(flatten)]
        most: Most,
    },
    /// One category
    #[command(after_help = "\
examples:
  huying category show 47678.5:e:04002")]
    Show {
        /// The category's code
        code: String,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let mut directory = client.directory(&client.reader()?)?;
        let (name, unit, most) = match self {
            Self::Show { code } => {
                let request = GetCategoryRequest { district: client.district()?, code };
                let category = directory.get_category(request).await?.into_inner();
                let mut names = Names::new(&client)?;
                names.learn_units(category.departments.iter().chain([&category.lead])).await?;
                return session.out.one(&category, |category| shown(category, &names));
            }
            Self::List { name, unit, most } => (name.unwrap_or_default(), unit.unwrap_or_default(), most),
        };
        let filter = ListCategoriesRequest { district: client.district()?, name, unit, ..Default::default() };
        let categories: Vec<Category> = most
            .collect(async |page_size, page_token| {
                let page = ListCategoriesRequest { page_size, page_token, ..filter.clone() };
                let page = directory.list_categories(page).await?.into_inner();
                Ok((page.categories, page.next_page_token))
            })
            .await?;
        let mut names = Names::new(&client)?;
        names.learn_units(categories.iter().map(|category| &category.lead)).await?;
        session.out.list(&["code", "name", "group", "starts at", "lead", "priority"], &categories, |it| {
            vec![
                it.code.clone(),
                it.name.clone(),
                it.major.clone(),
                it.authority().chinese().to_owned(),
                names.beside(&it.lead),
                it.priority().chinese().to_owned(),
            ]
        })
    }
}

fn shown(category: &Category, names: &Names) -> Vec<(&'static str, String)> {
    let departments: Vec<String> = category.departments.iter().map(|code| names.beside(code)).collect();
    vec![
        ("code", category.code.clone()),
        ("name", category.name.clone()),
        ("group", category.major.clone()),
        ("standard", category.standard.clone()),
        ("starts at", category.authority().both()),
        ("lead", names.beside(&category.lead)),
        ("concerned", departments.join(", ")),
        ("priority", category.priority().both()),
        ("respond", words::limit(category.respond.as_ref())),
        ("resolve", words::limit(category.resolve.as_ref())),
    ]
}
