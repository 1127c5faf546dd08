//! However many stand on a board, its answer can be read.

use huying_chassis::page;
use huying_evaluation::{
    convert::rates,
    domain::figure::{
        board::{Board, Compared},
        rate::Told,
        standing::{MOST, Rules, Standing},
    },
};
use prost::Message as _;

#[test]
fn those_who_stand_last_are_left_out_where_all_would_be_too_much() {
    let told = Told { code: "r".repeat(64), value: Some(0.5), numerator: 1.0, denominator: 2.0 };
    let standing = Standing { rates: vec![told; 50], ..Standing::default() };
    let one = |key: usize| Compared {
        now: Standing { key: key.to_string(), ..standing.clone() },
        before: standing.clone(),
        last_year: standing.clone(),
    };
    let of = |most: usize| {
        let (total, standings) = (one(0), (0..MOST).map(one).collect());
        rates::board(
            Board { total, standings, rules: Rules::default(), counted_at: super::support::monday() },
            most,
        )
    };
    let cut = of(page::WHOLE);
    assert!(cut.encoded_len() <= page::WHOLE + 64 * 1024, "{} bytes", cut.encoded_len());
    assert!((100..MOST).contains(&cut.standings.len()), "{} stand", cut.standings.len());
    let kept = of(usize::MAX).standings;
    assert_eq!((kept.len(), &kept[..cut.standings.len()]), (MOST, &cut.standings[..]), "the first ones");
}
