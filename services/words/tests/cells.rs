//! Text in a cell of a spreadsheet.

use huying_words::csv_cell;

#[test]
fn what_would_be_run_is_marked_as_text() {
    for text in ["=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"] {
        assert_eq!(csv_cell(text), format!("'{text}"));
    }
    for text in ["", "路灯", "1-1", " =1", "'=1"] {
        assert_eq!(csv_cell(text), text);
    }
}
