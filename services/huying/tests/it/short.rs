//! By number: what is called, asked for and convened on a case is named by the case's number, shown by it, and never by a code alone.

use std::{path::Path, process::Output};

use huying::up::{self, Options, say::Say};
use huying_chassis::shutdown::Shutdown;
use serde_json::Value;
use tempfile::TempDir;

use super::command::{huying, huying_told};

struct Place {
    dir: TempDir,
}

impl Place {
    async fn huying(&self, arguments: &[&str]) -> Output {
        huying(&self.dir.path().join("data"), arguments).await
    }

    /// What a command that must succeed prints, and what it says beside.
    async fn both(&self, arguments: &[&str]) -> (String, String) {
        let Output { status, stdout, stderr } = self.huying(arguments).await;
        let (out, beside) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
        assert!(status.success(), "{arguments:?}: {beside}");
        (out, beside)
    }

    async fn said(&self, arguments: &[&str]) -> String {
        self.both(arguments).await.0
    }

    /// Why a command that must fail for what was typed does.
    async fn wrong(&self, arguments: &[&str]) -> String {
        let output = self.huying(arguments).await;
        assert_eq!(output.status.code(), Some(64), "{arguments:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// A case that a street works on.
    async fn case(&self) -> String {
        self.case_about("行道树倾斜").await
    }

    async fn case_about(&self, what: &str) -> String {
        let submit = ["submit", what, "-o", "json", "--area", "420102003002001"];
        let taken: Value = serde_json::from_str(&self.said(&submit).await).unwrap();
        let number = taken["request"]["number"].as_str().unwrap().to_owned();
        huying_testing::eventually("the case is there", async || {
            self.huying(&["case", "accept", &number]).await.status.success().then_some(())
        })
        .await;
        for _ in 0..2 {
            self.said(&["case", "escalate", &number, "--reason", "须部门会同"]).await;
        }
        self.said(&["case", "accept", &number]).await;
        number
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_a_case_goes_by_its_number() {
    let place = Place { dir: TempDir::new().unwrap() };
    let jiangan = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/profiles/jiangan");
    let options = Options { profiles: vec![jiangan], ..Options::at(&place.dir.path().join("data")) };
    let running = Box::pin(up::start(options, &Say::nothing(), Shutdown::new())).await.unwrap();
    let number = place.case().await;
    Box::pin(dispatches(&place, &number)).await;
    Box::pin(approvals(&place, &number)).await;
    Box::pin(meetings(&place, &number)).await;
    Box::pin(officers(&place)).await;
    Box::pin(pages(&place, &number)).await;
    Box::pin(callbacks(&place)).await;
    Box::pin(ratings(&place)).await;
    running.begin_stop();
    Box::pin(running.serve(&Say::nothing())).await.unwrap();
}

/// A reporter is tried, sent a link, and says it themselves.
async fn callbacks(place: &Place) {
    let submit = ["submit", "有车辆堵住楼栋出入口", "-o", "json", "--area", "420102010002002"];
    let taken: Value = serde_json::from_str(&place.said(&submit).await).unwrap();
    let number = taken["request"]["number"].as_str().unwrap().to_owned();
    huying_testing::eventually("the case is there", async || {
        place.huying(&["case", "accept", &number]).await.status.success().then_some(())
    })
    .await;
    place.said(&["case", "resolve", &number, "--answer", "已挪开"]).await;
    huying_testing::eventually("the callback is open", async || {
        let attempt = ["callback", "attempt", &number, "--note", "无人接听"];
        place.huying(&attempt).await.status.success().then_some(())
    })
    .await;
    let linked = place.said(&["callback", "link", &number, "-o", "json"]).await;
    let linked: Value = serde_json::from_str(&linked).unwrap();
    let token = linked["token"].as_str().unwrap();
    let half = ["--solved", "partly", "--satisfaction", "very-unsatisfied", "--reason", "slow"];
    let give = [&["callback", "give", "--answer", "came=no"], &half[..]].concat();
    let nothing = place.wrong(&give).await;
    assert!(nothing.contains("there is no secret"), "{nothing}");
    let given = huying_told(&place.dir.path().join("data"), &give, &format!("{token}\n")).await;
    assert!(String::from_utf8_lossy(&given.stdout).contains("failed 不通过"), "{given:?}");
    tracked(place, &number, taken["trackingToken"].as_str().unwrap()).await;
    let list = ["callback", "list", "--request", taken["request"]["id"].as_str().unwrap(), "-o", "json"];
    let listed: Value = serde_json::from_str(&place.said(&list).await).unwrap();
    let listed = &listed[0];
    let shown = |field: &str| listed["verdict"][field].clone();
    assert_eq!((shown("by"), shown("howSolved")), ("CALLBACK_BY_LINK".into(), "SOLVED_PARTLY".into()));
    assert_eq!(listed["settles"]["reasons"], serde_json::json!(["办得太慢"]));
    huying_testing::eventually("it is reopened with the reason", async || {
        let history = place.said(&["case", "history", &number]).await;
        history.contains("回访未通过：办得太慢").then_some(())
    })
    .await;
}

/// The receipt's secret is in a file, and no argument.
async fn tracked(place: &Place, number: &str, secret: &str) {
    let receipt = place.dir.path().join("receipt.txt");
    std::fs::write(&receipt, format!("{secret}\n")).unwrap();
    let said = place.said(&["track", number, "--secret-file", receipt.to_str().unwrap()]).await;
    assert!(said.contains(number), "{said}");
    let argued = place.wrong(&["track", number, secret]).await;
    assert!(argued.contains("unexpected argument"), "{argued}");
}

/// A grid rates the department that its street called, and that one says that it need not have been called.
async fn ratings(place: &Place) {
    let number = place.case_about("有车辆堵住楼栋出入口").await;
    place.said(&["case", "call", &number, "--lead", "DEP-jiaoguan=拖车"]).await;
    place.said(&["dispatch", "respond", &number, "accept"]).await;
    place.said(&["dispatch", "respond", &number, "complete", "--note", "已拖走"]).await;
    place.said(&["case", "resolve", &number, "--answer", "已拖走"]).await;
    let (grid, street) = ("G-420102003002001", "S-420102003");
    let give = ["rating", "give", &number, "DEP-jiaoguan", "--by", grid, "--satisfaction"];
    let unsatisfied = [&give[..], &["unsatisfied", "--reason", "slow", "等了一天"]].concat();
    huying_testing::eventually("the resolution is heard of", async || {
        place.huying(&unsatisfied).await.status.success().then_some(())
    })
    .await;
    let call = ["rating", "call", &number, street, "--by", "DEP-jiaoguan", "--reason", "unneeded"];
    let judged = place.said(&call).await;
    assert!(judged.contains("不适当") && judged.contains("基层可自行处置"), "{judged}");
    let listed = place.said(&["rating", "list"]).await;
    assert!(
        listed.contains("等了一天") && listed.contains("响应慢") && listed.contains("不满意"),
        "{listed}"
    );
    let of_street = place.said(&["rating", "list", "--unit", street]).await;
    assert!(of_street.contains("不适当") && !of_street.contains("响应慢"), "{of_street}");
    let again = place.huying(&call).await;
    let why = String::from_utf8(again.stderr).unwrap();
    assert!(!again.status.success() && why.contains("has rated that one"), "{why}");
}

async fn dispatches(place: &Place, number: &str) {
    let none = place.wrong(&["dispatch", "show", number]).await;
    assert!(none.contains(&format!("there is no dispatch on {number}")), "{none}");
    let call = ["case", "call", number, "--lead", "DEP-yuanlin=修剪", "--co", "DEP-jiaoguan=疏导交通"];
    let (case, beside) = place.both(&call).await;
    let (first, second) = (format!("{number}/1"), format!("{number}/2"));
    assert!(case.contains(&format!("{first}  DEP-yuanlin 江岸区园林")) && case.contains(&second), "{case}");
    assert!(beside.contains("Asia/Shanghai"), "{beside}");

    let which = place.wrong(&["dispatch", "respond", number, "accept"]).await;
    assert!(
        which.contains("more than one dispatch") && which.contains(&format!("{second}  DEP-jiaoguan")),
        "{which}"
    );
    let third = place.wrong(&["dispatch", "show", &format!("{number}/3")]).await;
    assert!(third.contains("no such dispatch") && third.contains(&first), "{third}");
    let accepted = place.said(&["dispatch", "respond", &second, "accept"]).await;
    assert!(accepted.contains("accepted 已报到") && accepted.contains(&second), "{accepted}");
    let listed = place.said(&["dispatch", "list", "--case", number]).await;
    assert!(listed.contains(&first) && listed.contains("DEP-yuanlin 江岸区园林"), "{listed}");
    let (_, more) = place.both(&["dispatch", "list", "-n", "1"]).await;
    assert!(more.contains("stopped at the first 1: for more add -n 4"), "{more}");
    for dispatch in [&first, &second] {
        if *dispatch == first {
            place.said(&["dispatch", "respond", dispatch, "accept"]).await;
        }
        place.said(&["dispatch", "respond", dispatch, "complete", "--note", "已完成"]).await;
    }
    let day = |offset| {
        (huying_chassis::clock::system_now() + chrono::Duration::days(offset)).format("%Y-%m-%d").to_string()
    };
    let (count, beside) = place.both(&["dispatch", "count", "--from", &day(-1), "--until", &day(2)]).await;
    assert!(count.contains("DEP-yuanlin 江岸区园林") && count.contains("not apt"), "{count}");
    assert!(beside.contains(&format!("{} 00:00 – ", day(-1))), "a day is the district's: {beside}");
    let allowed = place.said(&["case", "allowed", number]).await;
    assert!(allowed.contains(&format!("{second} DEP-jiaoguan")), "{allowed}");
}

/// Who of a department is on duty, away, and back.
async fn officers(place: &Place) {
    let listed = place.said(&["officer", "list", "DEP-jiaoguan"]).await;
    assert!(listed.contains("jiaoguan-night 夜班岗") && listed.contains("mon-sun 17:30-08:30"), "{listed}");
    assert!(!listed.contains("away 请假"), "{listed}");
    let day = |offset| {
        (huying_chassis::clock::system_now() + chrono::Duration::days(offset)).format("%Y-%m-%d").to_string()
    };
    let absent = ["officer", "absent", "DEP-jiaoguan", "jiaoguan-1", "--kind", "training", "--until"];
    let said = place.said(&[&absent[..], &[&day(3)]].concat()).await;
    assert!(said.contains("jiaoguan-1 一号岗") && said.contains("培训") && said.contains("已登记"), "{said}");
    place.said(&[&absent[..], &[&day(9), "--from", &day(6)]].concat()).await;
    let listed = place.said(&["officer", "list", "DEP-jiaoguan"]).await;
    assert_eq!(listed.matches("away 请假").count(), 1, "{listed}");
    let nobody = place
        .huying(&["officer", "absent", "DEP-jiaoguan", "nobody", "--kind", "leave", "--until", &day(3)])
        .await;
    assert_eq!(nobody.status.code(), Some(1), "{nobody:?}");

    let back = ["officer", "back", "DEP-jiaoguan", "jiaoguan-1"];
    let said = place.said(&back).await;
    assert_eq!(said.matches("已销假").count(), 1, "what is ahead stays: {said}");
    let open = place.said(&["officer", "absences", "DEP-jiaoguan", "--open"]).await;
    assert_eq!(open.matches("已登记").count(), 1, "{open}");
    place.said(&[&back[..], &["--ahead"]].concat()).await;
    let all = place.said(&["officer", "absences", "DEP-jiaoguan", "--officer", "jiaoguan-1"]).await;
    assert_eq!(all.matches("已销假").count(), 2, "{all}");
}

async fn approvals(place: &Place, number: &str) {
    let none = place.wrong(&["approval", "show", number]).await;
    assert!(none.contains(&format!("nothing was asked for on {number}")), "{none}");
    let answer = "涉及劳动争议，请申请仲裁";
    place.said(&["case", "decline", number, "--ground", "statutory_route", "--answer", answer]).await;
    let review =
        (huying_chassis::clock::system_now() + chrono::Duration::days(10)).format("%Y-%m-%d").to_string();
    let suspend =
        ["case", "suspend", number, "--plan", "等待改造", "--review", &review, "--reason", "未到工期"];
    let case = place.said(&suspend).await;
    assert!(case.contains("decline 不予受理") && case.contains("suspend 挂账"), "what is asked for: {case}");

    let which = place.wrong(&["approval", "refuse", number, "--reason", "可以办"]).await;
    assert!(which.contains("--kind decline 不予受理") && which.contains("--kind suspend 挂账"), "{which}");
    let refuse = ["approval", "refuse", number, "--kind", "decline", "--reason", "可以办"];
    let refused = place.said(&refuse).await;
    assert!(refused.contains("refused 不同意") && refused.contains("D-420102 江岸区"), "{refused}");
    place.said(&["approval", "refuse", number, "--reason", "请抓紧"]).await;
    let last = place.said(&["approval", "show", number, "--kind", "decline"]).await;
    assert!(last.contains("refused 不同意") && last.contains("statutory_route"), "{last}");
    let (listed, beside) = place.both(&["approval", "list", "--case", number]).await;
    assert!(listed.contains("S-420102003 一元街道") && beside.contains("Asia/Shanghai"), "{listed}{beside}");
}

async fn meetings(place: &Place, number: &str) {
    let convene = |title: &'static str| {
        [
            "meeting",
            "convene",
            "--title",
            title,
            "--area",
            "420102003002",
            "--place",
            "社区二楼",
            "--start",
            "2026-11-20T19:00:00+08:00",
            "--agenda",
            "树怎么修",
            "--case",
            number,
            "--party",
            "residents=12",
        ]
    };
    let convened = place.said(&convene("睦邻议事会")).await;
    let (first, second) = (format!("{number}/1"), format!("{number}/2"));
    assert!(convened.contains(&first) && convened.contains("420102003002 同兴社区"), "{convened}");
    let settled = format!("{number}=秋后修剪");
    let party = ["--party", "residents=9"];
    let record = ["meeting", "record", number, "--minutes", "都同意", "--settled", &settled];
    let held = place.said(&[&record[..], &party].concat()).await;
    assert!(held.contains("held 已召开") && held.contains(&first), "{held}");
    place.said(&convene("再议")).await;
    let which = place.wrong(&["meeting", "cancel", number, "--reason", "暴雨"]).await;
    assert!(which.contains("more than one meeting") && which.contains("再议"), "{which}");
    let listed = place.said(&["meeting", "list"]).await;
    assert!(listed.contains(&first) && listed.contains(&second), "{listed}");
    let cancelled = place.said(&["meeting", "cancel", &second, "--reason", "暴雨"]).await;
    assert!(cancelled.contains("cancelled 已取消"), "{cancelled}");
}

async fn pages(place: &Place, number: &str) {
    let nobody = place.wrong(&["callback", "attempt", number]).await;
    assert!(nobody.contains(&format!("nobody is asked about {number}")), "{nobody}");
    let (case, beside) = place.both(&["case", "show", number]).await;
    assert!(
        case.contains(&format!("{number}/1  DEP-yuanlin 江岸区园林")) && case.contains("已完成"),
        "{case}"
    );
    assert!(beside.contains(number) && beside.contains("Asia/Shanghai"), "{beside}");
    let (history, beside) = place.both(&["case", "history", number]).await;
    assert!(history.contains("S-420102003 一元街道") && beside.contains("Asia/Shanghai"), "{history}");
    let actors = history.lines().filter(|line| line.contains("CaseCalled"));
    assert!(
        actors.clone().count() == 1 && actors.clone().all(|line| line.contains("operator:huying")),
        "{history}"
    );
    let (list, beside) = place.both(&["case", "list"]).await;
    assert!(list.contains("S-420102003 一元街道") && beside.contains("Asia/Shanghai"), "{list}{beside}");
    let (json, beside) = place.both(&["dispatch", "show", &format!("{number}/1"), "-o", "json"]).await;
    let dispatch: Value = serde_json::from_str(&json).unwrap();
    assert!(dispatch["id"].is_string() && beside.is_empty(), "programs get the contract's message: {beside}");
    let by_id = place.said(&["dispatch", "show", dispatch["id"].as_str().unwrap()]).await;
    assert!(by_id.contains(&format!("{number}/1")), "{by_id}");
}
