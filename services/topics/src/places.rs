//! Where a message's matter lies, as far as its words tell: names of places and bodies, told by what they end in, and its district.

use std::collections::BTreeMap;

use crate::{
    Message, Users,
    lexicon::{BREAK, Lexicon, Text, is_code, people},
    vector::{Vector, both, sum},
};

/// What a name ends in; longer ones before those that they end in.
const KINDS: [&str; 61] = [
    "小区", "社区", "花园", "家园", "新城", "公寓", "广场", "大厦", "国际", "公园", "街道", "大道", "学校",
    "小学", "中学", "大学", "学院", "医院", "市场", "公司", "集团", "银行", "驾校", "机场", "山庄", "新村",
    "名都", "华府", "首府", "时代", "酒店", "饭店", "超市", "商场", "中心", "路", "街", "巷", "村", "镇",
    "乡", "站", "湖", "河", "桥", "岛", "城", "苑", "园", "府", "庭", "湾", "郡", "居", "墅", "滩", "院",
    "寓", "楼", "庄", "组",
];
/// What may stand between a name and its kind: 东湖职业技术学院 is called 东湖.
const BETWEEN: [&str; 22] = [
    "职业",
    "技术",
    "专科",
    "高等",
    "安置",
    "有限",
    "股份",
    "投资",
    "科技",
    "管理",
    "物业",
    "置业",
    "房地产",
    "地产",
    "建设",
    "工程",
    "文化",
    "教育",
    "培训",
    "商业",
    "住宅",
    "开发",
];
/// Ends like a name and is none.
const NONE: [&str; 24] = [
    "幼儿园",
    "菜市场",
    "农贸市场",
    "派出所",
    "商业街",
    "步行街",
    "服务中心",
    "购物中心",
    "售楼部",
    "住宅楼",
    "居民楼",
    "电梯楼",
    "中小学",
    "公立医院",
    "人民医院",
    "有限公司",
    "垃圾站",
    "公交站",
    "地铁站",
    "搅拌站",
    "加油站",
    "消防站",
    "变电站",
    "人行道",
];
/// Ends like a district and is none.
const NO_DISTRICT: [&str; 16] = [
    "小区", "社区", "地区", "城区", "校区", "园区", "片区", "景区", "学区", "市区", "辖区", "郊区", "山区",
    "库区", "街区", "厂区",
];
/// A word that a larger share of all people use is no name of one place.
const EVERYBODYS: f32 = 0.02;
/// So many may use any name.
const FEW: f32 = 30.0;
/// Without a name in the title, so many of the text.
const OF_A_TEXT: usize = 2;
/// Most numbers that are kept of a group's places.
const MOST: usize = 400;
/// Places that have less in common are not the same.
const SAME: f32 = 0.15;

/// Where one message lies, or several together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    /// Pairs of characters of its names.
    names: Vector,
    named: f32,
    /// Of how many messages the title names it, or their area is known.
    sure: f32,
    districts: Vector,
    in_districts: f32,
}

impl Place {
    pub(crate) fn with(&self, other: &Self) -> Self {
        Self {
            names: sum(&self.names, &other.names, MOST),
            named: self.named + other.named,
            sure: self.sure + other.sure,
            districts: sum(&self.districts, &other.districts, MOST),
            in_districts: self.in_districts + other.in_districts,
        }
    }

    /// Both have names, and others.
    pub(crate) fn is_elsewhere(&self, other: &Self) -> bool {
        common(&self.names, self.named, &other.names, other.named) < SAME
    }

    /// Whether most of so many messages say for sure where they lie.
    pub(crate) fn is_sure(&self, of: f32) -> bool {
        2.0 * self.sure >= of
    }

    pub(crate) fn is_in_other_district(&self, other: &Self) -> bool {
        common(&self.districts, self.in_districts, &other.districts, other.in_districts) < SAME
    }
}

/// What both have in common, 0 to 1; 1 where one has nothing.
fn common(one: &[(u32, f32)], of_one: f32, other: &[(u32, f32)], of_other: f32) -> f32 {
    if of_one == 0.0 || of_other == 0.0 {
        return 1.0;
    }
    let mut all = 0.0;
    both(one, other, |_, here, there| all += (here / of_one).min(there / of_other));
    all
}

pub(crate) struct Places {
    pub(crate) of: Vec<Place>,
    /// Of each message, the names in full; each once.
    pub(crate) names: Vec<Vec<String>>,
    /// And those of districts.
    pub(crate) districts: Vec<Vec<String>>,
}

impl Places {
    pub(crate) fn of(lexicon: &Lexicon, texts: &[Text], messages: &[Message<'_>], users: &Users) -> Self {
        let used = people(lexicon.len(), users, |at| texts[at].iter().flatten().copied());
        let most = (EVERYBODYS * users.count as f32).max(FEW);
        let is_rare = |word: u32| used[word as usize] as f32 <= most;
        let mut all = Self { of: Vec::new(), names: Vec::new(), districts: Vec::new() };
        for (text, message) in texts.iter().zip(messages) {
            let mut found = Found::default();
            found.read(lexicon, &text[0], usize::MAX, &is_rare);
            found.is_sure = !found.stems.is_empty();
            if !found.is_sure {
                found.read(lexicon, &text[1], OF_A_TEXT, &is_rare);
            }
            all.of.push(found.place(message.area));
            all.names.push(distinct(found.names));
            all.districts.push(distinct(found.districts));
        }
        all
    }
}

fn distinct(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}

/// What was found in one message.
#[derive(Default)]
struct Found {
    stems: Vec<String>,
    names: Vec<String>,
    districts: Vec<String>,
    is_sure: bool,
}

impl Found {
    fn read(&mut self, lexicon: &Lexicon, words: &[u32], most: usize, is_rare: &dyn Fn(u32) -> bool) {
        let has_district = !self.districts.is_empty();
        // The words since the last break.
        let mut before: Vec<u32> = Vec::new();
        for word in words {
            let name = lexicon.name(*word);
            if *word == BREAK || is_district(name) {
                if *word != BREAK && !has_district {
                    self.districts.push(name.to_owned());
                }
                before.clear();
                continue;
            }
            if self.stems.len() < most {
                match stem(name) {
                    Some("") => self.named_before(lexicon, &before, name, is_rare),
                    Some(stem) if is_rare(*word) && !NONE.contains(&name) => {
                        // 东城 is not called 东.
                        let one = stem.chars().nth(1).is_none();
                        if !one || name.chars().nth(2).is_some() {
                            self.stems.push(if one { name } else { stem }.to_owned());
                            self.names.push(name.to_owned());
                        }
                    }
                    Some(_) | None => {}
                }
            }
            before.push(*word);
        }
    }

    /// A kind alone: its name stands before it.
    fn named_before(&mut self, lexicon: &Lexicon, before: &[u32], kind: &str, is_rare: &dyn Fn(u32) -> bool) {
        let named = before.iter().rev().find(|word| stem(lexicon.name(**word)) != Some(""));
        let Some(word) = named.filter(|word| is_rare(**word)) else { return };
        let name = lexicon.name(*word);
        if name.chars().nth(1).is_some() {
            self.stems.push(name.to_owned());
            self.names.push(format!("{name}{kind}"));
        }
    }

    fn place(&self, area: &str) -> Place {
        // What the message's own area is, is surer than what its words may mean.
        let fine = area.get(..6).filter(|district| area.len() > 6 && is_digits(district)).map(|_| hash(area));
        let mut names: BTreeMap<u32, f32> = BTreeMap::new();
        let count = (self.stems.len() + usize::from(fine.is_some())) as f32;
        for stem in &self.stems {
            let characters: Vec<char> = stem.chars().collect();
            let share = 1.0 / (count * (characters.len() - 1).max(1) as f32);
            for pair in characters.windows(2) {
                *names.entry(hash(&pair.iter().collect::<String>())).or_default() += share;
            }
        }
        if let Some(fine) = fine {
            names.insert(fine, 1.0 / count);
        }
        let districts: Vector = if area.is_empty() {
            let all = distinct(self.districts.clone());
            let share = 1.0 / all.len() as f32;
            all.into_iter()
                .map(|district| (hash(&district), share))
                .collect::<BTreeMap<u32, f32>>()
                .into_iter()
                .collect()
        } else {
            vec![(hash(area.get(..6).filter(|district| is_digits(district)).unwrap_or(area)), 1.0)]
        };
        let (named, in_districts) = (one_if(!names.is_empty()), one_if(!districts.is_empty()));
        let sure = one_if(self.is_sure || fine.is_some());
        Place { names: names.into_iter().collect(), named, sure, districts, in_districts }
    }
}

fn one_if(so: bool) -> f32 {
    if so { 1.0 } else { 0.0 }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A name's own part, without what kind of place it is: nothing where it is a kind alone. None: it ends as no name does.
fn stem(name: &str) -> Option<&str> {
    let all = || KINDS.iter().chain(&BETWEEN);
    let mut stem = all().find_map(|kind| name.strip_suffix(kind))?;
    while let Some(shorter) =
        all().filter(|kind| kind.chars().nth(1).is_some()).find_map(|kind| stem.strip_suffix(kind))
    {
        stem = shorter;
    }
    Some(stem)
}

/// Whether it is fit to be shown as a place's name.
pub(crate) fn is_name(name: &str) -> bool {
    let is_long = name.chars().nth(2).is_some();
    is_long
        && stem(name).is_some_and(|stem| !stem.is_empty())
        && !NONE.iter().any(|none| name.ends_with(none))
}

/// 江岸区, 长沙县, or a code.
pub(crate) fn is_district(name: &str) -> bool {
    let length = name.chars().count();
    let ends = name.ends_with(['区', '县']);
    ends && (is_code(name) || length == 3) && !NO_DISTRICT.iter().any(|none| name.ends_with(none))
}

/// Into the room that words have, and far from their numbers: FNV-1a, which is the same everywhere.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::{Found, is_district, stem};

    #[test]
    fn a_name_is_told_by_its_end() {
        assert_eq!(stem("保利花园"), Some("保利"));
        assert_eq!(stem("东湖职业技术学院"), Some("东湖"));
        assert_eq!(stem("小区"), Some(""));
        assert_eq!(stem("噪音"), None);
        assert!(is_district("江岸区") && is_district("a2区") && is_district("a7县"));
        assert!(!is_district("小区") && !is_district("老城区") && !is_district("路灯"));
    }

    #[test]
    fn areas_part_what_words_do_not() {
        let place = |area: &str| Found::default().place(area);
        assert!(place("420102003").is_elsewhere(&place("420102004")));
        assert!(!place("420102003").is_in_other_district(&place("420102004")));
        assert!(place("420102").is_in_other_district(&place("420103")));
        assert!(
            !place("").is_elsewhere(&place("420102003")) && !place("").is_in_other_district(&place("420102"))
        );
    }
}
