//! What is out of reach is looked for no longer than what is not there: by as many look-ups, in the same order.

use std::sync::atomic::Ordering;

use huying_casework::{
    app::{App, read::CaseName},
    domain::{
        Absence, Approval, Case, Dispatch, Meeting, absence::step::End, approval::step::Grant,
        case::step::Accept, dispatch::step::Accept as Come, meeting::step::Cancel,
    },
};
use huying_chassis::{log::Meta, status::Problem};
use uuid::Uuid;

use super::{
    absences::{away, officers, staffed},
    approvals::asked_in,
    attach::{photo, said, upload},
    fixture as f,
    meetings::convene,
    support::Town,
};

/// How many times the store is asked for something that is refused as if it were not there.
async fn looks(town: &Town, ask: impl AsyncFn(&App) -> Result<(), Problem>) -> usize {
    let (app, counted) = town.counting();
    let before = counted.load(Ordering::Relaxed);
    let refused = ask(&app).await.unwrap_err();
    assert_eq!(refused.reason(), "NOT_FOUND");
    counted.load(Ordering::Relaxed) - before
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_25_what_is_out_of_reach_is_looked_for_as_what_is_not_there() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let sent = town.call(&case, &[f::parks()], "修剪").await.remove(0);
    let (case, nowhere): (Uuid, Uuid) = (case.id.parse().unwrap(), Uuid::now_v7());
    let abroad = &f::in_unit("G-1", "990102001001001", true);
    let meta = &Meta::of_service("test");
    let get = async |app: &App, id: Uuid| app.case(&CaseName::Id(id), abroad).await.map(drop);
    let dispatch = async |app: &App, id: Uuid| app.dispatch(id, abroad).await.map(drop);
    let step = async |app: &App, id: Uuid| app.take::<Case, _>(id, abroad, &Accept, meta).await.map(drop);
    let come = async |app: &App, id: Uuid| {
        let come = Come { note: String::new() };
        app.take::<Dispatch, _>(id, abroad, &come, meta).await.map(drop)
    };
    let allowed = async |app: &App, id: Uuid| app.allowed(id, abroad).await.map(drop);
    let mut told = Vec::new();
    for id in [case, nowhere] {
        told.push([
            looks(&town, async |app| get(app, id).await).await,
            looks(&town, async |app| step(app, id).await).await,
            looks(&town, async |app| allowed(app, id).await).await,
        ]);
    }
    assert_eq!(told[0], told[1], "a case");
    told.clear();
    for id in [sent.id, nowhere] {
        told.push([
            looks(&town, async |app| dispatch(app, id).await).await,
            looks(&town, async |app| come(app, id).await).await,
            0,
        ]);
    }
    assert_eq!(told[0], told[1], "a dispatch");
    assert!(
        told[0].iter().take(2).all(|looks| *looks == 2),
        "the dispatch, and the case that it is of: {told:?}"
    );
}

/// What hangs on a case or on a unit is asked for in other ways than these themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_25_so_is_what_hangs_on_a_case_or_a_unit() {
    let (town, community, meta) = (staffed().await, f::community(), &Meta::of_service("test"));
    let (_, case) = town.accepted(&community).await;
    let approval: Uuid = asked_in(&town, &case).await.parse().unwrap();
    let bytes = photo(20_000);
    let file = upload(&mut town.attachments_of(&community), &said(&case, &bytes), &bytes).await.unwrap();
    let (case, file): (Uuid, Uuid) = (case.id.parse().unwrap(), file.id.parse().unwrap());
    let meeting = town.app.convene(&convene(&[case]), &f::by(&community), meta).await.unwrap().id;
    let absence = officers(&town, &f::street()).record_absence(away("jia")).await.unwrap().into_inner();
    let absence: Uuid = absence.id.parse().unwrap();

    let abroad = &f::in_unit("G-1", "990102001001001", true);
    let (grant, cancel) = (&Grant { reason: "情况属实".into() }, &Cancel { reason: "暴雨".into() });
    let looked = async |approval: Uuid, meeting: Uuid, absence: Uuid, case: Uuid| {
        let get = async |app: &App| app.approval(approval, abroad).await.map(drop);
        let rule = async |app: &App| app.take::<Approval, _>(approval, abroad, grant, meta).await.map(drop);
        let join = async |app: &App| app.meeting(meeting, abroad).await.map(drop);
        let end = async |app: &App| app.take::<Meeting, _>(meeting, abroad, cancel, meta).await.map(drop);
        let back = async |app: &App| app.take::<Absence, _>(absence, abroad, &End, meta).await.map(drop);
        let fetch = async |app: &App| app.attachment(case, file, abroad).await.map(drop);
        [
            ("the approval", looks(&town, get).await),
            ("ruling on it", looks(&town, rule).await),
            ("the meeting", looks(&town, join).await),
            ("calling it off", looks(&town, end).await),
            ("ending the absence", looks(&town, back).await),
            ("the file", looks(&town, fetch).await),
        ]
    };
    let there = looked(approval, meeting, absence, case).await;
    let [one, two, three, four] = std::array::from_fn(|_| Uuid::now_v7());
    assert_eq!(there, looked(one, two, three, four).await);
    assert!(there.iter().all(|(_, looks)| *looks > 0), "{there:?}");
}
