//! `huying grid`: who serves a grid.

use clap::Subcommand;
use huying_proto::routing::v1::{GetGridForcesRequest, GridForce};

use super::Session;
use crate::client::Who;
use crate::words::Word as _;

/// Who serves a grid: police, city management, property managers, utilities, volunteers (服务力量)
#[derive(Debug, Subcommand)]
#[command(after_help = "\
examples:
  huying grid show 420102003002001
They are a part of the profile: forces.csv and [grid_team] of profile.toml.")]
pub enum Command {
    /// As published for whoever lives there; also of a larger area (needs no right)
    #[command(after_help = "\
examples:
  huying grid show 420102003002001
  huying grid show 420102003 -o json")]
    Show {
        /// The area's code
        area: String,
    },
}

impl Command {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let client = session.client()?;
        let Self::Show { area } = self;
        let request = GetGridForcesRequest { district: client.district()?, area };
        let forces = client.directory(&Who::Nobody)?.get_grid_forces(request).await?.into_inner();
        let force = |it: &GridForce| {
            format!("{} {} {} {}", it.kind().chinese(), it.name, it.phone, it.duty).trim_end().to_owned()
        };
        session.out.one(&forces, |it| {
            vec![
                ("area", format!("{} {}", it.area, it.name)),
                ("answers for it", format!("{} {}", it.unit, it.unit_name).trim().to_owned()),
                ("team", it.team.join("、")),
                ("forces", it.forces.iter().map(force).collect::<Vec<_>>().join("\n")),
            ]
        })
    }
}
