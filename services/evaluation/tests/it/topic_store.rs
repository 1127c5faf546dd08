//! The tables of topics: lists and streams stand on their indexes, and read little else.

use huying_evaluation::{
    domain::{
        topic::{Days, TopicState},
        wanted::{TopicScope, Topics},
    },
    store::{ALL, Store},
};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    store::{migrated, plan},
    support::DISTRICT,
};

const STREET: &str = "420102003";
const CASES: &str = "array['00000000-0000-0000-0000-000000000003'::uuid]";

fn statement(name: &str) -> &'static str {
    ALL.iter().find(|(known, _)| *known == name).unwrap().1
}

/// Four thousand topics of ten streets and twenty owners, one in five open.
async fn fill(pool: &PgPool) {
    sqlx::query(
        "insert into topic (id, version, shape, hash, body)
         select gen_random_uuid(), 1, 1, sha256(''), jsonb_build_object('district', $1::text, 'area', $1 || '00' || n % 10, 'category', '01', 'title', n::text,
                'on', '2026-11-02', 'cause', '', 'policy', '', 'owner', 'u' || n % 20, 'measures', '[]'::jsonb, 'numbered', 0, 'opened_at', 0,
                'state', case when n % 5 = 0 then 'open' else 'dried_up' end)
           from generate_series(0, 3999) as n",
    )
    .bind(DISTRICT)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query(
        "insert into figure (district, by, scope, span, day, key, counts)
         select $1, by, scope, span, date '2026-01-01' + n, key, array[n, 1000]
           from generate_series(0, 299) as n, unnest(array['category', 'unit']) as by, unnest(array[$1, $2]) as scope,
                unnest(array['day', 'month']) as span, unnest(array['0101', '0102', '02']) as key",
    )
    .bind(DISTRICT)
    .bind(STREET)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query("vacuum analyze topic, figure").execute(pool).await.unwrap();
}

#[tokio::test]
async fn lists_and_streams_read_their_index_and_little_else() {
    let pool = migrated().await;
    fill(&pool).await;
    let all = "array['open', 'testing', 'dried_up', 'withdrawn']";
    let last = "'ffffffff-ffff-ffff-ffff-ffffffffffff'";
    for (name, values, index) in [
        ("topics_by_district", vec!["'420102'", "'420102'", all, "''", last, "50"], "topic_district"),
        ("topics_by_area", vec!["'420102'", "'420102003'", all, "'420102003'", last, "50"], "topic_area"),
        ("topics_by_owner", vec!["'420102'", "'u7'", all, "''", last, "50"], "topic_owner"),
        (
            "topic_stream",
            vec!["'420102'", "'420102'", "'2026-03-01'", "'2026-03-31'", "'01'", "1"],
            "figure_pkey",
        ),
        ("topic_cases_in", vec![CASES, "'420102'", "'420102'"], "course_pkey"),
    ] {
        let plan = plan(&pool, statement(name), &values).await;
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "{name}\n{plan}");
    }

    let store = Store::new(pool);
    let wanted = |scope, state| Topics { scope, district: DISTRICT.into(), within: String::new(), state };
    let open = Some(TopicState::Open);
    for (wanted, count) in [
        (wanted(TopicScope::District, open), 800),
        (wanted(TopicScope::District, None), 1000),
        (wanted(TopicScope::Area(STREET.into()), None), 400),
        (wanted(TopicScope::Owner("u5".into()), open), 200),
    ] {
        assert_eq!(store.topics(&wanted, None, 1000).await.unwrap().len(), count, "{wanted:?}");
    }
    let page = store.topics(&wanted(TopicScope::District, None), None, 200).await.unwrap();
    assert!(page.is_sorted_by_key(|it| std::cmp::Reverse(it.id)));
    let next = store.topics(&wanted(TopicScope::District, None), Some(page[199].id), 200).await.unwrap();
    assert!(next[0].id < page[199].id && next[0].id != Uuid::nil());

    // Days 59 to 61, of two categories that begin so.
    let days = Days { from: "2026-03-01".parse().unwrap(), to: "2026-03-04".parse().unwrap() };
    assert_eq!(store.stream((DISTRICT, STREET, "01"), days).await.unwrap(), 2 * (59 + 60 + 61));
    assert_eq!(store.stream((DISTRICT, STREET, "02"), days).await.unwrap(), 59 + 60 + 61);
    assert_eq!(store.stream((DISTRICT, STREET, "03"), days).await.unwrap(), 0);
}
