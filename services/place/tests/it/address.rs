//! Addresses as people write them, of a district made up from names that are hard to read.

use huying_place::address::{Gazetteer, Houses, NameKind, Named, Reader, Reading, Side};
use huying_terms::AreaCode;
use proptest::prelude::*;

fn area(code: &str) -> AreaCode {
    AreaCode::parse(code).unwrap()
}

fn named(name: &str, code: &str) -> Named {
    Named { name: name.into(), area: area(code), former: false }
}

fn gazetteer() -> Gazetteer {
    let range = |code: &str, numbers, side| Houses { area: area(code), numbers, side };
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Gazetteer {
        areas: vec![
            named("一元街道", "420102003"),
            named("同兴社区", "420102003002"),
            named("公园社区", "420102003005"),
            named("二七街道", "420102010"),
            named("长建社区", "420102010002"),
            named("百步亭花园", "420102400"),
            named("江汉北路社区", "420102003007"),
            named("金潭村委会", "420102010200"),
            Named { name: "上海街道".into(), area: area("420102003"), former: true },
        ],
        places: vec![
            named("恒大双城", "420102010002002"),
            named("胜利街158号", "420102003002001"),
            named("百步亭", "420102400"),
        ],
        within: texts(&["湖北省", "武汉市", "汉口"]),
        own: "江岸区".into(),
        elsewhere: texts(&["江汉区", "武昌区", "东湖高新区"]),
        roads: vec![
            ("解放大道".into(), range("420102003002", Some((1, 99)), Side::Odd)),
            ("解放大道".into(), range("420102003005", Some((2, 98)), Side::Even)),
            ("解放大道".into(), range("420102010002", None, Side::Both)),
        ],
    }
}

fn read(address: &str) -> Reading {
    Reader::new(&gazetteer()).unwrap().read(address)
}

fn names(address: &str) -> Vec<String> {
    read(address).mentions.into_iter().map(|it| format!("{}={}", it.name, it.area)).collect()
}

#[test]
fn areas_and_places_are_found_however_they_are_written() {
    for address in [
        "一元街道同兴社区",
        "一元街道 同兴社区",
        "一元街道同\u{200b}兴社区",
        "一元街道同興社區",
        "一元街　道同兴 社区3栋",
    ] {
        assert_eq!(names(address), ["一元街道=420102003", "同兴社区=420102003002"], "{address}");
    }
    assert_eq!(names("胜利街１５８号"), ["胜利街158号=420102003002001"]);
    assert_eq!(names("胜利街158-2号"), ["胜利街158-2号=420102003002001"]);
    assert_eq!(names("一元街办事处旁"), ["一元街办事处=420102003"]);
    assert_eq!(names("同兴居委会"), ["同兴居委会=420102003002"]);
    assert_eq!(names("金潭村3组"), ["金潭村=420102010200"]);
    assert!(read("上海街道12号").mentions[0].former);
}

#[test]
fn a_name_that_goes_on_as_a_road_or_a_stop_is_no_place() {
    for address in [
        "二七街道百步亭路公交站",
        "二七街道百步亭站",
        "二七街道百步亭东路",
        "二七街道恒大双城公交站",
        "二七街道百步亭花园路",
    ] {
        assert_eq!(names(address), ["二七街道=420102010"], "{address}");
    }
    assert_eq!(names("百步亭花园"), ["百步亭花园=420102400"]);
    assert_eq!(names("恒大双城路边的路灯"), ["恒大双城=420102010002002"]);
    assert_eq!(names("一元街道路面塌陷"), ["一元街道=420102003"]);
    // A bare name is a word of its own or nothing.
    for address in ["公园路8号", "解放公园", "公园小区", "长建河边", "长建国际3栋"] {
        assert!(names(address).is_empty(), "{address}");
    }
    let bare = read("江岸区长建3栋").mentions;
    assert_eq!((bare[0].name.as_str(), bare[0].kind), ("长建", NameKind::Bare));
}

#[test]
fn another_district_city_or_province_is_named() {
    for (address, other) in [
        ("武汉市江汉区一元街道同兴社区", "江汉区"),
        ("湖北省武汉市武昌区", "武昌区"),
        ("武汉江汉区同兴社区", "江汉区"),
        ("江漢區同兴社区", "江汉区"),
        ("武汉市青山区和平大道", "青山区"),
        ("湖北省黄冈市黄州区", "黄冈市"),
        ("黄冈市黄州区一元街道", "黄冈市"),
        ("浙江省杭州市萧山区", "浙江省"),
        ("浙江杭州市西湖区", "浙江"),
        ("北京市朝阳区同兴社区", "北京市"),
        ("同兴社区往东湖高新区方向", "东湖高新区"),
    ] {
        assert_eq!(read(address).elsewhere, [other], "{address}");
    }
    for address in [
        "湖北省武汉市江岸区一元街道同兴社区",
        "武汉市江岸区",
        "武汉江岸区同兴社区",
        "武汉市汉口江岸区",
        "湖北武汉同兴社区",
        "武汉市同兴小区",
        "武汉市百步亭社区",
        "尊敬的市长",
        "请问深圳市",
        "中百超市门口",
        "农贸市场旁",
        "城市花园3栋",
        "江汉北路社区",
        "香港路12号",
        "福建社区2栋",
        "解放大道1号",
        "",
    ] {
        assert!(read(address).elsewhere.is_empty(), "{address}: {:?}", read(address).elsewhere);
    }
}

#[test]
fn a_road_its_number_and_where_it_is_known_to_run() {
    let road = |address: &str| {
        let road = read(address).road.unwrap_or_default();
        let areas: Vec<String> = road.areas.iter().map(ToString::to_string).collect();
        (road.name, road.number, areas.join(","), road.is_exact)
    };
    let told = |name: &str, number: &str, areas: &str, exact: bool| {
        (name.to_owned(), number.to_owned(), areas.to_owned(), exact)
    };
    assert_eq!(road("胜利街158号"), told("胜利街", "158号", "420102003002001", true));
    assert_eq!(road("胜利街158-2号"), told("胜利街", "158-2号", "420102003002001", true));
    assert_eq!(
        road("一元街道同兴社区胜利街158号附2号"),
        told("胜利街", "158号附2号", "420102003002001", true)
    );
    assert_eq!(road("胜利街160号"), told("胜利街", "160号", "", false));
    assert_eq!(road("解放大道15号"), told("解放大道", "15号", "420102003002", true));
    assert_eq!(road("武汉市江岸区解放大道１６号"), told("解放大道", "16号", "420102003005", true));
    assert_eq!(road("解放大道1000号"), told("解放大道", "1000号", "420102010002", false));
    let all = "420102003002,420102003005,420102010002";
    assert_eq!(road("解放大道旁"), told("解放大道", "", all, false));
    assert_eq!(road("解放大道100米处"), told("解放大道", "", all, false));
    assert_eq!(road("二七街道一元路12-3号"), told("一元路", "12-3号", "", false));
    // What it lies in is no part of its name, unless nothing else is.
    for address in [
        "汉口三眼桥路88号",
        "汉口江岸三眼桥路88号",
        "武汉汉口三眼桥路88号",
        "三眼桥路88号",
        "武汉市江岸区三眼桥路88号",
    ] {
        assert_eq!(road(address), told("三眼桥路", "88号", "", false), "{address}");
    }
    assert_eq!(road("汉口江岸一元街"), told("一元街", "", "", false));
    for name in ["汉口路", "江岸大道", "汉口北大道", "武汉一路"] {
        assert_eq!(road(&format!("{name}12号")), told(name, "12号", "", false));
    }
    assert_eq!(road("二七街道长建社区"), told("", "", "", false));
    assert_eq!(read("恒大双城B栋2单元301室").building, "b栋2单元301室");
    assert_eq!(read("长建社区12号楼").building, "12号楼");
    assert_eq!(read("长建社区").building, "");
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,60}") {
        let reading = read(&text);
        for mention in &reading.mentions {
            prop_assert!(reading.text.get(mention.at.clone()).is_some());
        }
    }

    /// Pieces of addresses in any order, with whatever between them.
    #[test]
    fn pieces_are_read(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..8)) {
        let _ = read(&pieces.concat());
    }
}

const PIECES: [&str; 16] = [
    "武汉市",
    "江岸区",
    "江汉区",
    "一元街道",
    "同兴社区",
    "百步亭",
    "路",
    "街",
    "站",
    "12",
    "号",
    "-",
    "栋",
    "解放大道",
    "😀",
    "\n",
];
