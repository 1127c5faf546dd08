//! Two roles for a database: its owner, who brings it up and does nothing else, and the service's own, which may do what the service does.
//!
//! Guaranteed, where both are set: the service's role owns nothing; it reads and writes its tables, but what is written once stays as it is
//! ([`APPEND_ONLY`]), however the service is made to ask. What it may is given anew at each start, by the owner, so a table of a later build
//! is shared too.

use anyhow::Context;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, migrate::Migrator, postgres::PgConnectOptions};

use super::{asked, connect, migrate};
use crate::config::Settings;

/// Rows are added, and never changed or taken away.
const APPEND_ONLY: [&str; 3] = ["anchor", "log", "settled_letter"];
/// Rows are added, taken away in their time, and never changed: who read names and phones (intake).
const UNCHANGED: [&str; 1] = ["read_record"];
/// Only the owner writes here.
const READ_ONLY: [&str; 2] = ["epoch", "_sqlx_migrations"];

/// A part of a table is reached through the table alone.
const SHARES: &str = "
    select format(
        case when c.relkind = 'S' then 'grant usage on sequence %1$s to %2$I'
             when c.relname = any ($3) then
                 'grant select on %1$s to %2$I; revoke insert, update, delete, truncate, references, trigger on %1$s from %2$I'
             when c.relname = any ($4) then
                 'grant select, insert, delete on %1$s to %2$I; revoke update, truncate, references, trigger on %1$s from %2$I'
             when c.relname = any ($2) then
                 'grant select, insert on %1$s to %2$I; revoke update, delete, truncate, references, trigger on %1$s from %2$I'
             else 'grant select, insert, update, delete on %1$s to %2$I' end,
        c.oid::regclass, $1::text)
      from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'S') and not c.relispartition
     order by c.relname";

/// A service's database, brought up by who owns it, and opened for the service.
///
/// # Errors
/// Not there, refused, or not to be brought up.
pub(crate) async fn open(
    service: &str,
    settings: &Settings,
    migrations: &'static Migrator,
) -> anyhow::Result<PgPool> {
    let (url, application) = (settings.database_url.expose(), format!("huying-{service}"));
    let reached = || format!("{service} cannot reach its database");
    let owner = settings.database_migrate_url.expose();
    if owner.is_empty() {
        let pool = connect(url, settings.database_pool, &application).await.with_context(reached)?;
        bring_up(service, &pool, migrations, None).await?;
        warn_of_power(service, &pool).await?;
        return Ok(pool);
    }
    let role = url.parse::<PgConnectOptions>().with_context(reached)?.get_username().to_owned();
    let owners = connect(owner, 1, &application).await.with_context(|| {
        format!("{service} cannot reach its database as its owner (database_migrate_url)")
    })?;
    let brought = bring_up(service, &owners, migrations, Some(&role)).await;
    owners.close().await;
    brought?;
    let pool = connect(url, settings.database_pool, &application).await.with_context(reached)?;
    warn_of_power(service, &pool).await?;
    Ok(pool)
}

async fn bring_up(
    service: &str,
    pool: &PgPool,
    migrations: &'static Migrator,
    role: Option<&str>,
) -> anyhow::Result<()> {
    let done = migrate::migrate_for(pool, migrations, role).await;
    done.with_context(|| format!("{service} cannot migrate its database"))
}

/// Gives a role what a service may do in each table of the schema. The connection is the owner's.
///
/// # Errors
/// The database is away, or a table is somebody else's.
pub(super) async fn share(connection: &mut PgConnection, role: &str) -> Result<(), sqlx::Error> {
    let owner: String = sqlx::query_scalar("select current_user::text").fetch_one(&mut *connection).await?;
    if owner == role {
        return Ok(());
    }
    let shares: Vec<String> = sqlx::query_scalar(SHARES)
        .bind(role)
        .bind(APPEND_ONLY.as_slice())
        .bind(READ_ONLY.as_slice())
        .bind(UNCHANGED.as_slice())
        .fetch_all(&mut *connection)
        .await?;
    // One after the other, in one transaction.
    sqlx::raw_sql(AssertSqlSafe(shares.join(";\n"))).execute(connection).await.map(drop)
}

/// A service that may change its own log can be made to: that is said at each start.
async fn warn_of_power(service: &str, pool: &PgPool) -> anyhow::Result<()> {
    let may = "select current_user::text, has_table_privilege('log', 'update, delete, truncate')";
    let (role, powerful): (String, bool) = sqlx::query_as(may).fetch_one(asked(pool)).await?;
    if powerful {
        tracing::warn!(
            service,
            role,
            "the service's role may change and erase its log: give it one that owns nothing, and the owner's in database_migrate_url"
        );
    }
    Ok(())
}
