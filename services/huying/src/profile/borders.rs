//! `boundaries.geojson`: for each area a Polygon, or a MultiPolygon where it lies in several parts; longitude first, rings closed, WGS 84.
//! On the wire rings are open and each part is a boundary of its own.

use geojson::{Feature, GeometryValue, JsonObject, Position};
use huying_proto::common::v1 as common;
use huying_proto::routing::v1 as routing;
use serde::Deserialize as _;

use super::areas::Areas;
use super::fault::Faults;
use super::folder::Folder;

const FILE: &str = "boundaries.geojson";

pub(super) fn read(folder: &Folder, areas: &Areas, faults: &mut Faults) -> Vec<routing::Boundary> {
    let layers = folder.layers(FILE);
    let Some(layer) = layers.last() else { return Vec::new() };
    let text = folder.text(layer).map_err(|error| error.to_string());
    let features = match text.and_then(|text| features(&text)) {
        Ok(features) => features,
        Err(what) => {
            let fix = "save it as a GeoJSON FeatureCollection, UTF-8";
            faults.add(FILE, None, format!("cannot be read ({what})"), fix);
            return Vec::new();
        }
    };
    let mut boundaries = Vec::new();
    for (place, feature) in features.into_iter().enumerate() {
        match feature.map_err(|error| (error, FIX_SHAPE)).and_then(|feature| parts(&feature, areas)) {
            Ok(parts) => boundaries.extend(parts),
            Err((what, fix)) => faults.add(FILE, None, format!("feature {}: {what}", place + 1), fix),
        }
    }
    boundaries
}

const FIX_SHAPE: &str = "draw a Polygon, or a MultiPolygon for several parts";
const FIX_POINT: &str = "write longitude, then latitude, in degrees";

type Wrong = (String, &'static str);

/// Each by itself, so that one that is broken is named and the others are read.
fn features(text: &str) -> Result<Vec<Result<Feature, String>>, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if value.get("type").and_then(|it| it.as_str()) != Some("FeatureCollection") {
        return Err("it is no FeatureCollection".into());
    }
    let list = value.get("features").and_then(|it| it.as_array()).ok_or("it has no list of features")?;
    let feature = |value: &serde_json::Value| Feature::deserialize(value).map_err(|error| error.to_string());
    Ok(list.iter().map(feature).collect())
}

fn parts(feature: &Feature, areas: &Areas) -> Result<Vec<routing::Boundary>, Wrong> {
    let code = |properties: &JsonObject| properties.get("code")?.as_str().map(str::to_owned);
    let area = feature.properties.as_ref().and_then(code);
    let area = area.ok_or_else(|| ("it has no code".to_owned(), "give it the property code"))?;
    if !areas.has(&area) {
        return Err((format!("the area '{area}' is not defined"), "name an area of areas.csv"));
    }
    let shape = feature.geometry.as_ref().map(|geometry| &geometry.value);
    let polygons = match shape {
        Some(GeometryValue::Polygon { coordinates }) => std::slice::from_ref(coordinates),
        Some(GeometryValue::MultiPolygon { coordinates }) => coordinates.as_slice(),
        Some(_) => return Err((format!("{area} is no Polygon"), FIX_SHAPE)),
        None => return Err((format!("{area} has no shape"), FIX_SHAPE)),
    };
    if polygons.is_empty() {
        return Err((format!("{area} has no part"), FIX_SHAPE));
    }
    polygons.iter().map(|rings| part(&area, rings)).collect()
}

fn part(area: &str, rings: &[Vec<Position>]) -> Result<routing::Boundary, Wrong> {
    let mut rings = rings.iter().map(|positions| ring(area, positions)).collect::<Result<Vec<_>, _>>()?;
    if rings.is_empty() {
        return Err((format!("{area} has a part without a line"), FIX_SHAPE));
    }
    let outer = rings.remove(0);
    let holes = rings.into_iter().map(|points| routing::Ring { points }).collect();
    Ok(routing::Boundary { area: area.to_owned(), ring: outer, holes })
}

fn ring(area: &str, positions: &[Position]) -> Result<Vec<common::Point>, Wrong> {
    let mut points: Vec<common::Point> = positions.iter().filter_map(|at| point(at.as_slice())).collect();
    if points.len() != positions.len() {
        return Err((format!("{area} has a point outside the world"), FIX_POINT));
    }
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    if points.len() < 3 {
        return Err((format!("{area} has fewer than 3 corners"), "draw at least a triangle"));
    }
    Ok(points)
}

fn point(position: &[f64]) -> Option<common::Point> {
    let (longitude, latitude) = (*position.first()?, *position.get(1)?);
    let inside = (-180.0..=180.0).contains(&longitude) && (-90.0..=90.0).contains(&latitude);
    inside.then_some(common::Point { latitude, longitude, ..common::Point::default() })
}
