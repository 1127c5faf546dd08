//! A point of another datum is converted at the door, once; an order is the same by what was given.

use huying_proto::{
    common::v1::{Datum, Location, Point},
    intake::v1 as pb,
};
use huying_testing::reason;

use super::support::{Town, call, profile};

/// Where it is, and the same place on a map published in China.
const HERE: (f64, f64) = (30.589, 114.299);
const ON_THE_MAP: (f64, f64) = (30.586_578_3, 114.304_436);

fn order(external_id: &str, (latitude, longitude): (f64, f64), datum: Datum) -> pb::SubmitRequestRequest {
    let point = Point { latitude, longitude, datum: datum.into() };
    pb::SubmitRequestRequest {
        channel: pb::Channel::Hotline.into(),
        external_id: external_id.into(),
        location: Some(Location { point: Some(point), ..call().location.unwrap() }),
        ..call()
    }
}

#[tokio::test]
async fn what_is_kept_and_told_is_wgs_84() {
    let town = Town::open().await;
    let mut officer = town.officer();
    for (order, expected) in [
        // The channel says what it is of, unless the point does.
        (order("A1", ON_THE_MAP, Datum::Unspecified), HERE),
        (order("A2", ON_THE_MAP, Datum::Gcj02), HERE),
        (order("A3", HERE, Datum::Wgs84), HERE),
        (pb::SubmitRequestRequest { channel: 1, ..order("", HERE, Datum::Unspecified) }, HERE),
    ] {
        let taken = officer.submit_request(order).await.unwrap().into_inner().request.unwrap();
        let point = taken.location.unwrap().point.unwrap();
        let off = (point.latitude - expected.0).hypot(point.longitude - expected.1);
        assert!(off < 0.000_001, "{point:?}");
        assert_eq!(point.datum(), Datum::Unspecified);
    }
}

#[tokio::test]
async fn the_same_order_is_the_same_by_what_was_given() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let first = officer.submit_request(order("A1", ON_THE_MAP, Datum::Unspecified)).await.unwrap();
    // Even where the channel says something else of its points by now.
    let mut changed = profile();
    changed.channels.iter_mut().for_each(|rule| rule.datum = Datum::Bd09.into());
    town.apply(changed).await;
    let again = officer.submit_request(order("A1", ON_THE_MAP, Datum::Unspecified)).await.unwrap();
    assert_eq!(again.into_inner(), first.into_inner());
    let refused = officer.submit_request(order("A1", HERE, Datum::Unspecified)).await.unwrap_err();
    assert_eq!(reason(&refused), "ORDER_CHANGED");
}
