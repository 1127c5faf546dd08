//! Whether an address names another place: the head of it by its province, city and district, and anywhere the names the profile gives.

use huying_words::normal;

use super::{Gazetteer, Mention, is_chinese, names::passes_by};

/// 省、自治区、直辖市、特别行政区, by what their names begin with.
const PROVINCES: [&str; 34] = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "台湾",
    "香港",
    "澳门",
];
const PROVINCE_ENDS: [&str; 8] =
    ["维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "省", "市", ""];
/// Words that end like a city or a district and are none.
const NO_CITY: [&str; 16] = [
    "超市", "城市", "门市", "夜市", "早市", "花市", "菜市", "集市", "都市", "股市", "本市", "我市", "全市",
    "该市", "鱼市", "楼市",
];
const NO_DISTRICT: [&str; 24] = [
    "社区",
    "小区",
    "园区",
    "片区",
    "城区",
    "校区",
    "厂区",
    "库区",
    "景区",
    "街区",
    "住区",
    "郊区",
    "辖区",
    "地区",
    "院区",
    "矿区",
    "市区",
    "全区",
    "我区",
    "本区",
    "该区",
    "开发区",
    "工业区",
    "生活区",
];
/// After 市, what makes another word of it: 市场, 市政, 市长.
const NO_CITY_BEFORE: [char; 9] = ['场', '民', '政', '直', '容', '委', '中', '内', '长'];
/// What no city's name has in it, but a sentence before 市.
const NO_NAME: [char; 18] = [
    '的', '我', '你', '请', '在', '于', '对', '由', '关', '敬', '问', '是', '想', '省', '此', '求', '现',
    '报',
];
/// Longest name of a city or district, in characters.
const LONGEST: usize = 8;

pub(super) struct Elsewhere {
    own: String,
    within: Vec<String>,
    others: Vec<String>,
}

impl Elsewhere {
    pub(super) fn new(gazetteer: &Gazetteer) -> Self {
        let forms = |names: &[String]| {
            let names = names.iter().map(|name| normal(name));
            names.filter(|name| !name.is_empty()).collect::<Vec<_>>()
        };
        Self {
            own: normal(&gazetteer.own),
            within: forms(&gazetteer.within),
            others: forms(&gazetteer.elsewhere),
        }
    }

    /// Names of other places, each once.
    pub(super) fn find(&self, text: &str, mentions: &[Mention]) -> Vec<String> {
        let mut found: Vec<String> = self.by_head(text).into_iter().collect();
        for other in &self.others {
            let named = text.match_indices(other.as_str()).any(|(at, _)| {
                let after = text.get(at + other.len()..).unwrap_or_default();
                // Within a name of ours it says nothing: 江汉北路社区.
                let ours = mentions.iter().any(|it| it.at.contains(&at));
                !ours && !passes_by(other, after)
            });
            if named && !found.contains(other) {
                found.push(other.clone());
            }
        }
        found
    }

    /// The address's head, read from the province down as far as it goes.
    fn by_head(&self, text: &str) -> Option<String> {
        if self.within.is_empty() {
            return None;
        }
        let (province, rest) = province(text);
        if let Some(name) = province.filter(|name| !self.is_within(name)) {
            return Some(name.to_owned());
        }
        let (rest, in_city) = match self.own_city(rest) {
            Some(rest) => (rest, true),
            None => match city(rest) {
                Some(name) if name != self.own && !self.own.ends_with(name) => return Some(name.to_owned()),
                Some(_) | None => (rest, province.is_some()),
            },
        };
        let name = in_city.then(|| district(rest)).flatten()?;
        let ours = name.ends_with(&self.own) || self.within.iter().any(|it| name.ends_with(it.as_str()));
        (!ours).then(|| name.to_owned())
    }

    /// Whether a name begins one of what the district lies in: 湖北 and 湖北省.
    fn is_within(&self, province: &str) -> bool {
        self.within.iter().any(|it| it.starts_with(province) || province.starts_with(it.as_str()))
    }

    /// What follows the district's own city.
    fn own_city<'a>(&self, text: &'a str) -> Option<&'a str> {
        let cities = self.within.iter().filter_map(|it| it.strip_suffix('市'));
        let rest = cities.filter_map(|city| text.strip_prefix(city)).next()?;
        Some(rest.strip_prefix('市').unwrap_or(rest))
    }
}

/// The province at the beginning, and what follows it.
fn province(text: &str) -> (Option<&str>, &str) {
    let text = text.strip_prefix("中国").unwrap_or(text);
    let Some(stem) = PROVINCES.iter().find(|stem| text.starts_with(**stem)) else {
        return (None, text);
    };
    let after = text.get(stem.len()..).unwrap_or_default();
    let Some(end) = PROVINCE_ENDS.iter().find(|end| after.starts_with(**end)) else {
        return (None, text);
    };
    let rest = after.get(end.len()..).unwrap_or_default();
    // Without its kind, a province's name may be a road's or an estate's: 香港路, 福建社区. A city or district must follow.
    if end.is_empty() && city(rest).is_none() && district(rest).is_none() {
        return (None, text);
    }
    (text.get(..stem.len() + end.len()), rest)
}

/// A city at the beginning.
fn city(text: &str) -> Option<&str> {
    let name = ends_with(text, &['市'], 5)?;
    let after = text.get(name.len()..).unwrap_or_default();
    let other = NO_CITY.iter().any(|word| name.ends_with(word))
        || after.starts_with(NO_CITY_BEFORE)
        || name.contains(NO_NAME);
    (!other).then_some(name)
}

/// A district, county or county's city at the beginning.
fn district(text: &str) -> Option<&str> {
    let name = ends_with(text, &['区', '县', '市', '旗'], LONGEST)?;
    let other = NO_DISTRICT.iter().chain(&NO_CITY).any(|word| name.ends_with(word));
    (!other).then_some(name)
}

/// From the beginning to the first of these characters, where no other sign of a place comes before it.
fn ends_with<'a>(text: &'a str, ends: &[char], longest: usize) -> Option<&'a str> {
    const OTHERS: [char; 11] = ['街', '路', '道', '镇', '乡', '村', '号', '栋', '巷', '里', '与'];
    for (count, (at, c)) in text.char_indices().take(longest).enumerate() {
        if ends.contains(&c) {
            return text.get(..at + c.len_utf8()).filter(|_| count >= 2);
        }
        if OTHERS.contains(&c) || !is_chinese(c) {
            return None;
        }
    }
    None
}
