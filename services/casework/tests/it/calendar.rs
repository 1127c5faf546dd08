//! The district's calendar under cases that are being worked.

use super::{
    fixture::{DISTRICT, morning},
    support::Town,
};

#[tokio::test]
async fn a_year_whose_festivals_are_missing_is_told() {
    let town = Town::open().await;
    town.app.profile(DISTRICT).await.unwrap();
    let gauges = town.app.gauges();
    let missing: Vec<_> = gauges.iter().flat_map(|gauge| (gauge.read)(morning())).collect();
    assert_eq!(missing, [("2026".to_owned(), 1)]);
}
