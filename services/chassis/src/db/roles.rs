//! Two roles for a database: its owner, who brings it up and does nothing else, and the service's own, which may do what the service does.
//!
//! Guaranteed, where both are set: the service's role owns nothing; it reads and writes its tables, but what is written once stays as it is
//! ([`APPEND_ONLY`]), however the service is made to ask. What it may is given anew by the owner whenever the database is brought up, so a
//! table of a later build is shared too: at each start, or by a process of its own that then ends (`--migrate`), so that the one that serves
//! never has the owner's login.

use anyhow::Context;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, migrate::Migrator, postgres::PgConnectOptions};

use super::{asked, connect, migrate};
use crate::config::Settings;

/// Rows are added, and never changed or taken away. What is kept for a time only, as who read names and phones (`read_record`, intake), is
/// taken away when that is over by a function of the owner's.
const APPEND_ONLY: [&str; 4] = ["anchor", "log", "read_record", "settled_letter"];
/// Only the owner writes here.
const READ_ONLY: [&str; 2] = ["epoch", "_sqlx_migrations"];

/// A part of a table is reached through the table alone.
const SHARES: &str = "
    select format(
        case when c.relkind = 'S' then 'grant usage on sequence %1$s to %2$I'
             when c.relname = any ($3) then
                 'grant select on %1$s to %2$I; revoke insert, update, delete, truncate, references, trigger on %1$s from %2$I'
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
    let owned = !settings.database_migrate_url.expose().is_empty();
    if owned {
        as_owner(service, settings, migrations).await?;
    }
    let (url, size) = (settings.database_url.expose(), settings.database_pool);
    let pool = connect(url, size, &application(service)).await.with_context(|| reached(service))?;
    if !owned && !migrate::is_up(&pool, migrations).await.with_context(|| reached(service))? {
        bring_up(service, &pool, migrations, None).await.with_context(|| {
            format!("the database of {service} is not as this build needs it, and nobody else was named to bring it up: run huying-{service} --migrate with database_migrate_url")
        })?;
    }
    warn_of_power(service, &pool).await?;
    Ok(pool)
}

/// Brings up a service's database, as its owner where one is named, and shares it with the service.
///
/// # Errors
/// Not there, refused, or not to be brought up.
pub(crate) async fn as_owner(
    service: &str,
    settings: &Settings,
    migrations: &'static Migrator,
) -> anyhow::Result<()> {
    let (url, owner) = (settings.database_url.expose(), settings.database_migrate_url.expose());
    let role = url.parse::<PgConnectOptions>().with_context(|| reached(service))?.get_username().to_owned();
    let login = if owner.is_empty() { url } else { owner };
    let pool = connect(login, 1, &application(service)).await.with_context(|| {
        format!("{service} cannot reach its database as its owner (database_migrate_url)")
    })?;
    let brought = bring_up(service, &pool, migrations, Some(&role)).await;
    pool.close().await;
    brought
}

fn application(service: &str) -> String {
    format!("huying-{service}")
}

fn reached(service: &str) -> String {
    format!("{service} cannot reach its database")
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
