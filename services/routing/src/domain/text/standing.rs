//! How a word is meant: as it stands, denied, or only supposed.
//!
//! Denial reaches no further than its clause. 没有 and its like deny what follows at once, where only words that change nothing stand between
//! (没有发现漏气); not what somebody failed to do with it (没有清理垃圾). 不是 reaches on to the next turn (不是门口的路灯，是红绿灯). What is
//! before 已修好 is settled, also when that begins the next clause, unless somebody only says so or it came back; and so is what somebody is
//! said to have mended, behind it (社区修好了路灯). That takes more: nothing but who, when and how may stand before the verb, since in
//! 电梯修好了有人被困 it has its object already and what follows is news.

use std::ops::Range;

use strum::IntoStaticStr;

use super::{Clause, Text, cues::Cue};

/// How a word is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    /// As it says.
    Stands,
    /// Imagined, long past, played or taught: it says what the text is about, but nothing has happened.
    Supposed,
    /// Denied as far as one can tell; where danger is asked for, it stands.
    Doubtful,
    /// It is not so, or no longer.
    Denied,
}

/// Characters that 不是 reaches over.
const DENIES: usize = 14;
/// Characters that 如果 and its like reach over.
const SUPPOSES: usize = 10;
/// Characters between a word and what settles it.
const SETTLES: usize = 14;
/// Characters at the beginning of a clause in which the clause before is settled.
const BEGINS: usize = 6;
/// Characters between a word and what is made of it (漏气应急演练), and between 已 and what was done.
const CLOSE: usize = 6;
/// Between 没有 and what it denies these change nothing. The longest first where one begins with another.
const CHANGES_NOTHING: &[&str] = &[
    "发现任何",
    "发现什么",
    "发现有人",
    "发现有",
    "发现",
    "闻到",
    "闻见",
    "看到有",
    "看到",
    "看见",
    "听到",
    "出现过",
    "出现",
    "发生过",
    "发生任何",
    "发生",
    "存在任何",
    "存在",
    "造成任何",
    "造成",
    "引起",
    "引发",
    "导致",
    "遇到",
    "感觉到",
    "检测到",
    "检测出",
    "检查出",
    "查到",
    "查出",
    "任何的",
    "任何",
    "什么",
    "啥",
    "再次",
    "再",
    "有过",
    "有",
    "所谓的",
    "这种",
    "这个",
    "那种",
    "此类",
    "类似的",
    "类似",
    "相关",
    "的",
    "了",
    "过",
    "到",
    "因为",
    "因",
    "被",
    "人员",
    "员",
    "居民",
    "群众",
    "住户",
    "大的",
    "严重的",
    "严重",
    "明显的",
    "明显",
    "一点",
    "半点",
    "丝毫",
    "家里",
    "小区",
    "楼道",
    "室内",
    "现场",
    "涉及",
    "要",
    "想",
    "房屋",
    "房子",
    "楼房",
    "路面",
    "地面",
    "道路",
    "墙体",
    "围墙",
    "树木",
    "建筑",
    "管道",
    "电线",
    "设备",
    "车辆",
    "山体",
];
/// They join what is denied together: 没有漏气、着火.
const JOINS: [&str; 8] = ["、", "或者", "或", "以及", "和", "及", "与", "跟"];
/// Between a word and 正常 these change nothing.
const BEFORE_FINE: &[&str] = &[
    "目前", "现在", "现", "都", "也", "很", "一切", "是", "均", "已经", "已", "完全", "还", "运行", "工作",
    "使用", "的", "问题", "并", "这事", "一场", "个", "只", "基本", "供应",
];
/// Who mends things, at the end of what stands before the verb, and thanks for it.
const WHO: &[&str] = &[
    "我",
    "你",
    "您",
    "他",
    "她",
    "们",
    "人",
    "员",
    "队",
    "师傅",
    "电工",
    "社工",
    "主任",
    "书记",
    "领导",
    "警",
    "者",
    "社区",
    "村里",
    "街道",
    "物业",
    "公司",
    "局",
    "部门",
    "单位",
    "中心",
    "政府",
    "城管",
    "环卫",
    "市政",
    "消防",
    "居委会",
    "村委会",
    "街办",
    "事处",
    "派出所",
    "供电所",
    "感谢",
    "谢谢",
    "多谢",
];
/// How and when: between who mends and the verb these change nothing.
const HOW: &[&str] = &[
    "及时", "很快", "马上", "立即", "连夜", "全部", "全", "都", "彻底", "完全", "顺利", "成功", "帮忙",
    "帮助", "上门", "派人", "来人", "安排", "组织", "昨天", "昨晚", "昨日", "今天", "今早", "上午", "下午",
    "当天", "当晚", "前天", "上周", "早上", "晚上",
];
/// Behind a verb that mends, what begins so is not what it mends: 修好的路面, 修好后, 修好了没两天.
const NO_OBJECT: [&str; 12] = ["的", "后", "以后", "之后", "过后", "时", "没", "不", "还", "也", "再", "才"];
/// Likewise a time or how often: 修好了两天, 修好了三次.
const TIMES: [&str; 13] =
    ["天", "日", "周", "月", "年", "个月", "个多月", "星期", "个星期", "小时", "个小时", "次", "回"];
const NUMERALS: &str = "一二三四五六七八九十两几半多0123456789";
/// Quotation marks, and what joins: between words they say nothing.
const QUOTES: [&str; 8] = ["“", "”", "‘", "’", "《", "》", "「", "\""];

impl Text {
    /// How a word is meant. `others` are all words found, by where they begin: 没有 reaches over those that it denies as well.
    /// `is_thing`: that there is none of it is the very matter (没有路灯).
    pub fn standing(&self, word: &Range<usize>, others: &[Range<usize>], is_thing: bool) -> Standing {
        let at = self.clause_at(word.start);
        let Some(clause) = self.clauses.get(at) else { return Standing::Stands };
        if self.is_settled(clause, word) || self.next_settles(at) || self.is_mended(clause, word) {
            return Standing::Denied;
        }
        let before = self.by_what_stands_before(clause, word, others, is_thing);
        let taught = clause.turns.iter().any(|turn| {
            matches!(turn.cue, Cue::Taught | Cue::Played)
                && self.between(word.end, turn.range.start).is_some_and(|gap| gap.chars().count() <= CLOSE)
        });
        if before == Standing::Stands && taught { Standing::Supposed } else { before }
    }

    /// The nearest cue counts first.
    fn by_what_stands_before(
        &self,
        clause: &Clause,
        word: &Range<usize>,
        others: &[Range<usize>],
        is_thing: bool,
    ) -> Standing {
        let mut turned = false;
        for turn in clause.turns.iter().rev().filter(|turn| turn.range.end <= word.start) {
            let Some(gap) = self.between(turn.range.end, word.start) else { continue };
            let reach = gap.chars().count();
            match turn.cue {
                Cue::But => turned = true,
                Cue::Absent if !is_thing => match self.denies_over(turn.range.end..word.start, others) {
                    Standing::Stands => {}
                    denied @ (Standing::Supposed | Standing::Doubtful | Standing::Denied) => return denied,
                },
                Cue::Denied if !turned && reach <= CLOSE && !self.either_or(clause) => {
                    return Standing::Denied;
                }
                Cue::Denied if !turned && reach <= DENIES && !self.either_or(clause) => {
                    return Standing::Doubtful;
                }
                Cue::Supposed | Cue::Played if !turned && reach <= SUPPOSES => return Standing::Supposed,
                Cue::Nothing | Cue::Absent | Cue::Denied | Cue::Supposed => {}
                Cue::Settled | Cue::Mended | Cue::Done | Cue::Fine => {}
                Cue::Taught | Cue::Played | Cue::Said | Cue::Again => {}
            }
        }
        Standing::Stands
    }

    /// What 没有 does to a word with this gap between them.
    fn denies_over(&self, gap: Range<usize>, others: &[Range<usize>]) -> Standing {
        let mut doubtful = false;
        let mut at = gap.start;
        while at < gap.end {
            let rest = self.between(at, gap.end).unwrap_or_default();
            let nothing =
                CHANGES_NOTHING.iter().chain(&QUOTES).chain(&JOINS).find(|it| rest.starts_with(**it));
            if let Some(nothing) = nothing {
                at += nothing.len();
                continue;
            }
            let from = others.partition_point(|it| it.start < at);
            let begins = others.iter().skip(from).take_while(|it| it.start == at);
            // A longer word that ends with this one: 没有路面塌陷.
            if begins.clone().any(|it| it.end > gap.end) {
                break;
            }
            let Some(end) = begins.map(|it| it.end).filter(|end| *end <= gap.end).max() else {
                return Standing::Stands;
            };
            let behind = self.between(end, gap.end).unwrap_or_default();
            doubtful |= !JOINS.iter().any(|it| behind.starts_with(it));
            at = end;
        }
        if doubtful { Standing::Doubtful } else { Standing::Denied }
    }

    /// 不是停水就是停电: one of both it is.
    fn either_or(&self, clause: &Clause) -> bool {
        let text = self.normal.get(clause.range.start..).unwrap_or_default();
        let sentence = text.split(super::SENTENCE_ENDS).next().unwrap_or_default();
        let (own, next) = sentence.split_once(',').unwrap_or((sentence, ""));
        own.contains("就是") || next.starts_with("就是")
    }

    /// Whether its own clause settles a word: 塌陷处已修好, 路灯都正常.
    fn is_settled(&self, clause: &Clause, word: &Range<usize>) -> bool {
        clause.turns.iter().enumerate().filter(|(_, turn)| turn.range.start >= word.end).any(|(at, turn)| {
            let Some(gap) = self.between(word.end, turn.range.start) else { return false };
            match turn.cue {
                Cue::Settled | Cue::Mended => gap.chars().count() <= SETTLES && self.is_done(clause, at),
                Cue::Fine => only(gap, BEFORE_FINE) && !self.comes_back(clause, turn.range.end),
                Cue::Nothing | Cue::Absent | Cue::Denied | Cue::Supposed | Cue::But => false,
                Cue::Done | Cue::Taught | Cue::Played | Cue::Said | Cue::Again => false,
            }
        })
    }

    /// Whether a word is, or stands in, what its own clause says was mended: 已修好塌陷的路面, 社区帮我修好了水管.
    fn is_mended(&self, clause: &Clause, word: &Range<usize>) -> bool {
        let before = |it: &(usize, &super::Turn)| it.1.range.end <= word.start;
        let turns = clause.turns.iter().enumerate().take_while(before);
        let Some((at, turn)) = turns.filter(|(_, turn)| turn.cue == Cue::Mended).last() else { return false };
        let Some(gap) = self.between(turn.range.end, word.start) else { return false };
        let turned = clause.turns.iter().any(|it| match it.cue {
            Cue::But => turn.range.end <= it.range.start && it.range.end <= word.start,
            Cue::Supposed => it.range.end <= turn.range.start,
            Cue::Nothing | Cue::Absent | Cue::Denied | Cue::Settled | Cue::Mended | Cue::Done => false,
            Cue::Fine | Cue::Taught | Cue::Played | Cue::Said | Cue::Again => false,
        });
        let rest = self.between(turn.range.end, clause.range.end).unwrap_or_default();
        gap.chars().count() <= SETTLES
            && !gap.contains(['还', '也', '才'])
            && !turned
            && has_object(rest)
            && self.is_led(clause, turn.range.start)
            && self.is_done(clause, at)
    }

    /// Whether nothing stands before a verb but that it is done, and who does it how.
    fn is_led(&self, clause: &Clause, verb: usize) -> bool {
        let mut end = verb;
        loop {
            let lead = self.between(clause.range.start, end).unwrap_or_default();
            if lead.is_empty() || WHO.iter().any(|who| lead.ends_with(who)) {
                return true;
            }
            let done = clause.turns.iter().find(|it| it.cue == Cue::Done && it.range.end == end);
            let how = HOW.iter().find(|how| lead.ends_with(**how)).map(|how| end - how.len());
            match done.map(|done| done.range.start).or(how) {
                Some(before) => end = before,
                None => return false,
            }
        }
    }

    /// Whether the next clause of the sentence begins with what settles this one: 路面塌陷，已修好.
    fn next_settles(&self, at: usize) -> bool {
        let (Some(clause), Some(next)) = (self.clauses.get(at), self.clauses.get(at + 1)) else {
            return false;
        };
        next.sentence == clause.sentence
            && next.turns.iter().enumerate().any(|(number, turn)| {
                let begins = next.turns.iter().take(number).rev().find(|it| it.cue == Cue::Done);
                let lead = begins.and_then(|done| self.between(next.range.start, done.range.start));
                matches!(turn.cue, Cue::Settled | Cue::Mended)
                    && lead.is_some_and(|lead| lead.chars().count() <= BEGINS)
                    && self.is_done(next, number)
            })
    }

    /// Whether a thing is said to be done: 已修好, 修好了; not 没修好, 希望修好, 回复说已修好, 修好了又坏.
    fn is_done(&self, clause: &Clause, at: usize) -> bool {
        let Some((turn, before)) = clause.turns.get(at).map(|turn| (turn, clause.turns.iter().take(at)))
        else {
            return false;
        };
        let near = |it: &&super::Turn| {
            self.between(it.range.end, turn.range.start).is_some_and(|gap| gap.chars().count() <= CLOSE)
        };
        let done = before.clone().rev().find(|it| it.cue == Cue::Done && near(it));
        let behind = self.normal.get(turn.range.end..).unwrap_or_default();
        let from = done.map_or(turn.range.start, |done| done.range.start);
        let not = before.clone().any(|it| {
            let close = self.between(it.range.end, from).is_some_and(|gap| gap.chars().count() <= 3);
            it.cue == Cue::Said || (close && matches!(it.cue, Cue::Absent | Cue::Nothing))
        });
        (done.is_some() || behind.starts_with('了')) && !not && !self.comes_back(clause, turn.range.end)
    }

    /// Whether the sentence goes on to say that it is not so after all.
    fn comes_back(&self, clause: &Clause, from: usize) -> bool {
        self.clauses
            .iter()
            .filter(|it| it.sentence == clause.sentence && it.range.end > from)
            .any(|it| it.turns.iter().any(|turn| turn.cue == Cue::Again && turn.range.start >= from))
    }
}

/// Whether what follows a verb that mends is what it mends, and not a time, what came of it, or a statement of its own: a second 了 makes
/// one, unless it only describes (塌了的路面).
fn has_object(behind: &str) -> bool {
    let (rest, own) = behind.strip_prefix('了').map_or((behind, false), |rest| (rest, true));
    let unit = rest.trim_start_matches(|c| NUMERALS.contains(c));
    let is_time = unit.len() < rest.len() && TIMES.iter().any(|it| unit.starts_with(it));
    let states =
        rest.rsplit_once('了').is_some_and(|(_, after)| !after.contains('的') && (own || !after.is_empty()));
    !is_time && !states && !NO_OBJECT.iter().any(|it| rest.starts_with(it))
}

/// Whether a text is made of these words alone.
fn only(mut text: &str, words: &[&str]) -> bool {
    while !text.is_empty() {
        match words.iter().chain(&QUOTES).find_map(|word| text.strip_prefix(word)) {
            Some(rest) => text = rest,
            None => return false,
        }
    }
    true
}
