//! The tables of inquiries and inspections: lists, counts and the public board stand on their indexes, and read little else.

use huying_evaluation::store::ALL;
use sqlx::PgPool;

use crate::{
    store::{migrated, plan},
    support::DISTRICT,
};

const CASES: &str = "array['00000000-0000-0000-0000-000000000003'::uuid]";
const STATES: &str = "array['open', 'claimed', 'answered', 'solved', 'unsolved', 'withdrawn']";
const LAST: &str = "'ffffffff-ffff-ffff-ffff-ffffffffffff'";

fn statement(name: &str) -> &'static str {
    ALL.iter().find(|(known, _)| *known == name).unwrap().1
}

/// Four thousand of each, in ten streets; inquiries of twenty units, one in five open and unanswered.
async fn fill(pool: &PgPool) {
    sqlx::query(
        "insert into inquiry (id, version, shape, hash, body)
         select gen_random_uuid(), 1, 1, sha256(''), jsonb_build_object('district', $1::text, 'area', $1 || '00' || n % 10 || '00' || n % 7,
                'unit', 'u' || n % 20, 'cases', '[]'::jsonb, 'question', '', 'by', '{\"subject\": \"d\"}'::jsonb, 'opened_at', 0,
                'state', case when n % 5 = 0 then 'open' else 'solved' end)
                || case when n % 5 = 0 then '{\"due_at\": 0}'::jsonb else '{\"answers\": []}'::jsonb end
           from generate_series(0, 3999) as n",
    )
    .bind(DISTRICT)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query(
        "insert into inspection (id, version, shape, hash, body)
         select gen_random_uuid(), 1, 1, sha256(''), jsonb_build_object('district', $1::text, 'area', $1 || '00' || n % 10 || '00' || n % 7,
                'case', gen_random_uuid(), 'good', true, 'text', '', 'by', '{\"subject\": \"d\"}'::jsonb, 'state', 'recorded', 'recorded_at', 0)
           from generate_series(0, 3999) as n",
    )
    .bind(DISTRICT)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query("vacuum analyze inquiry, inspection").execute(pool).await.unwrap();
}

#[tokio::test]
async fn lists_and_counts_read_their_index_and_little_else() {
    let pool = migrated().await;
    fill(&pool).await;
    let (street, community) = ("'420102003'", "'420102003003'");
    let page = |key, area| vec!["'420102'", key, STATES, area, LAST, "50"];
    let count = |key, area| vec!["'420102'", key, STATES, area, "10000"];
    let found = |key, area| vec![key, area, LAST, "50"];
    for (name, values, index) in [
        ("inquiries_by_district", page("'420102'", "''"), "inquiry_district"),
        ("inquiries_by_street", page(street, street), "inquiry_street"),
        ("inquiries_by_community", page(community, community), "inquiry_community"),
        ("inquiries_by_unit", page("'u7'", "''"), "inquiry_unit"),
        ("inquiries_public", vec!["'420102'", LAST, "50"], "inquiry_answered"),
        ("inquiries_count_by_street", count(street, street), "inquiry_street"),
        ("inquiries_count_by_community", count(community, community), "inquiry_community"),
        ("inquiries_count_by_unit", count("'u7'", "''"), "inquiry_unit"),
        ("inquiry_worked", vec![CASES, "'u7'"], "course_pkey"),
        ("had_part", vec![CASES, "array['0123']", "'u7'"], "callback_case"),
        ("acted_for", vec![LAST, "'0123'", "'u7'"], "callback_case"),
        ("inspections_by_district", found("'420102'", "'420102'"), "inspection_district"),
        ("inspections_by_street", found(street, street), "inspection_street"),
        ("inspections_by_community", found(community, community), "inspection_community"),
        ("inspections_by_case", found(LAST, "'420102'"), "inspection_case"),
        ("inspection_place", vec![LAST], "course_pkey"),
        ("inspection_courses", vec![CASES], "course_pkey"),
    ] {
        let plan = plan(&pool, statement(name), &values).await;
        assert!(plan.contains(index), "{name}\n{plan}");
        assert!(
            !plan.contains("Seq Scan on inquiry") && !plan.contains("Seq Scan on inspection"),
            "{name}\n{plan}"
        );
    }
    let due = "select count(*) from inquiry where due_at <= now()";
    assert_eq!(sqlx::query_scalar::<_, i64>(due).fetch_one(&pool).await.unwrap(), 800);
    let told = "update inquiry set body = body || '{\"overdue\": true}'";
    sqlx::query(told).execute(&pool).await.unwrap();
    let left: i64 = sqlx::query_scalar(due).fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0, "what was told is not due again");
    let answered = "select count(*) from inquiry where answered";
    assert_eq!(sqlx::query_scalar::<_, i64>(answered).fetch_one(&pool).await.unwrap(), 3200);
}
