//! `huying completions`: what a shell needs to complete these commands.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Session};

/// Completions for your shell
#[derive(Args, Debug)]
#[command(after_help = "\
examples:
  huying completions bash > ~/.local/share/bash-completion/completions/huying
  huying completions zsh > ~/.zfunc/_huying
  huying completions fish > ~/.config/fish/completions/huying.fish")]
pub struct Completions {
    shell: Shell,
}

impl Completions {
    pub fn run(self, session: &Session) -> anyhow::Result<()> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "huying", &mut text);
        session.out.painted(String::from_utf8_lossy(&text).trim_end())
    }
}
