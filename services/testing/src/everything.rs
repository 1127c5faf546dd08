//! All that is kept somewhere, as text: in it is looked for what is to stand nowhere.

use std::{fs, path::Path};

use sqlx::{AssertSqlSafe, PgPool};

/// Every row of every table of a database.
pub async fn rows(pool: &PgPool) -> String {
    let tables: Vec<String> =
        sqlx::query_scalar("select tablename::text from pg_tables where schemaname = 'public'")
            .fetch_all(pool)
            .await
            .unwrap();
    let mut all = String::new();
    for table in tables {
        let rows: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(format!("select t::text from \"{table}\" t")))
                .fetch_all(pool)
                .await
                .unwrap();
        all.extend(rows);
    }
    all
}

/// Every file below a directory.
pub fn files(dir: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all += &files(&path);
        } else if let Ok(bytes) = fs::read(&path) {
            // One that is gone by now holds nothing.
            all += &String::from_utf8_lossy(&bytes);
        }
    }
    all
}
