//! Colours: apart for those who see red and green alike (Okabe and Ito's), and each as dark as it is important when printed in grey.

pub const TEXT: &str = "#1a1a1a";
pub const FAINT: &str = "#5c5c5c";
pub const GRID: &str = "#dcdcdc";
pub const FRAME: &str = "#8c8c8c";
/// From the darkest: what counts, what goes with it, the rest.
pub const DARK: &str = "#0b4f7d";
pub const MIDDLE: &str = "#86b8d9";
pub const LIGHT: &str = "#ffffff";

/// How a line looks.
pub struct Look {
    pub colour: &'static str,
    /// Dashes; empty for none.
    pub dashes: &'static str,
    pub mark: Mark,
}

/// What stands at each point of a line.
#[derive(Clone, Copy)]
pub enum Mark {
    Circle,
    Square,
    Triangle,
    Diamond,
}

pub const LOOKS: [Look; crate::bounds::LINES] = [
    Look { colour: "#0072b2", dashes: "", mark: Mark::Circle },
    Look { colour: "#d55e00", dashes: "7 3", mark: Mark::Square },
    Look { colour: "#007a5e", dashes: "2 3", mark: Mark::Triangle },
    Look { colour: "#9a4d7c", dashes: "9 3 2 3", mark: Mark::Diamond },
];

/// From white to deep blue, evenly darker: 0 to 1.
pub fn shade(part: f64) -> String {
    const STOPS: [[f64; 3]; 4] =
        [[247.0, 251.0, 255.0], [171.0, 208.0, 230.0], [55.0, 135.0, 192.0], [8.0, 48.0, 107.0]];
    let at = part.clamp(0.0, 1.0) * 3.0;
    let below = (at.floor() as usize).min(2);
    let within = at - below as f64;
    let mix = |n: usize| (STOPS[below][n] + (STOPS[below + 1][n] - STOPS[below][n]) * within).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(0), mix(1), mix(2))
}

/// What can be read on [`shade`].
pub fn on_shade(part: f64) -> &'static str {
    if part > 0.55 { LIGHT } else { TEXT }
}
