//! Cards in print: the code of one as SVG, and a batch as a page that a browser prints, ten cards to an A4 sheet. Nothing is fetched
//! when it is opened.

use std::fmt::Write as _;

use anyhow::Context as _;
use huying_proto::intake::v1::{Card, CardKind};
use qrcode::{Color, EcLevel, QrCode};

/// Light squares around a code: readers ask for four.
const QUIET: usize = 4;
/// Cards on a sheet.
const SHEET: usize = 10;

const STYLE: &str = "\
@page { size: A4; margin: 0 }
* { box-sizing: border-box; margin: 0 }
body { font-family: 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; color: #111; background: #fff }
.sheet { width: 210mm; height: 297mm; padding: 11mm 15mm; display: grid; grid-template: repeat(5, 55mm) / repeat(2, 90mm); break-after: page }
.card { border: 0.2mm dashed #999; padding: 4mm; display: flex; gap: 4mm; align-items: center; overflow: hidden }
.card svg { width: 36mm; height: 36mm; flex: none }
.words { min-width: 0; overflow-wrap: anywhere }
h2 { font-size: 13pt; margin-bottom: 1.5mm }
p { font-size: 9.5pt; line-height: 1.45 }
.cadre { font-size: 12pt; font-weight: bold }
.phone { font-size: 12pt; font-weight: bold }
.how { color: #444; font-size: 8pt; margin-top: 1.5mm }
@media screen { body { background: #ddd } .sheet { background: #fff; margin: 4mm auto } }
";

/// A code as a picture by itself.
///
/// # Errors
/// A text that is too long for a code.
pub fn svg(text: &str) -> anyhow::Result<String> {
    // A quarter of the squares may be hidden: it hangs at a door for years.
    let code = QrCode::with_error_correction_level(text, EcLevel::Q)
        .with_context(|| format!("{text} does not fit into a code"))?;
    let (width, colours) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (n, _) in colours.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark) {
        write!(path, "M{} {}h1v1h-1z", n % width + QUIET, n / width + QUIET)?;
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

/// A page with all these cards; `name`: what an area is called.
///
/// # Errors
/// As [`svg`].
pub fn page(cards: &[Card], place: &str, name: impl Fn(&str) -> String) -> anyhow::Result<String> {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>{}</title>\n<style>\n{STYLE}</style>\n",
        escaped(place)
    );
    for sheet in cards.chunks(SHEET) {
        page.push_str("<section class=\"sheet\">\n");
        for card in sheet {
            page.push_str(&one(card, &name(&card.area))?);
        }
        page.push_str("</section>\n");
    }
    page.push_str("</html>\n");
    Ok(page)
}

fn one(card: &Card, area: &str) -> anyhow::Result<String> {
    let (title, how) = match card.kind() {
        CardKind::ResidentQr => ("善治码", "扫码说事，直达网格。"),
        CardKind::ServiceCard | CardKind::Unspecified => {
            ("便民服务卡", "有事打电话，或扫码说事；谁接谁负责到底。")
        }
    };
    let line = |class: &str, text: &str| match text {
        "" => String::new(),
        text => format!("<p class=\"{class}\">{}</p>", escaped(text)),
    };
    Ok(format!(
        "<article class=\"card\">{}<div class=\"words\"><h2>{title}</h2>{}{}{}{}<p class=\"how\">{how}</p></div></article>\n",
        svg(&card.url)?,
        line("area", area),
        line("address", &card.address),
        line("cadre", &card.cadre),
        line("phone", &card.phone),
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_cards_to_a_sheet_and_what_people_wrote_is_text() {
        let card = Card {
            kind: CardKind::ServiceCard.into(),
            url: "https://h.example/c/AAAAAAAAAAAAAAAAAAAAAA".into(),
            cadre: "<b>张三".into(),
            phone: "0563-2800000".into(),
            ..Card::default()
        };
        let page = page(&vec![card; 11], "孙埠镇", |code| format!("网格{code}")).unwrap();
        assert_eq!(page.matches("class=\"sheet\"").count(), 2);
        assert_eq!(page.matches("<svg").count(), 11);
        assert!(page.contains("&lt;b&gt;张三") && page.contains("0563-2800000") && !page.contains("<b>"));
        let fetched = ["<img", "<script", "<link", "url(", "@import"];
        assert!(fetched.iter().all(|word| !page.contains(word)), "nothing is fetched");
    }

    #[test]
    fn another_text_is_another_code() {
        assert_ne!(svg("https://h.example/c/A").unwrap(), svg("https://h.example/c/B").unwrap());
        assert!(svg(&"长".repeat(3000)).is_err(), "what does not fit is said");
    }
}
