//! The roles of a service's database: its owner, and who works in it. Neither is a superuser, and neither comes into another's database.
//!
//! Passwords are made anew each time and given to whoever asked: nothing is written down. Data of an earlier build, all the superuser's,
//! is handed over to the owner.

use super::sql::{Address, Psql};
use crate::error::Error;
use crate::secrets;

/// The addresses of one database.
#[derive(Clone)]
pub struct Logins {
    /// For who owns it.
    pub owner: String,
    /// For who works in it, as far as the owner lets them.
    pub worker: String,
}

pub(super) fn ensure(psql: &Psql<'_>, address: &Address, database: &str) -> Result<Logins, Error> {
    let (owner, worker) = (format!("{database}_owner"), database);
    let (owners, workers) = (ensure_role(psql, &owner)?, ensure_role(psql, worker)?);
    psql.run(
        "postgres",
        &format!(
            r#"alter database "{database}" owner to "{owner}";
               revoke all on database "{database}" from public;
               grant connect on database "{database}" to "{worker}""#
        ),
    )?;
    psql.run(database, &HAND_OVER.replace("OWNER", &owner))?;
    Ok(Logins {
        owner: address.url(&format!("{owner}:{owners}"), database),
        worker: address.url(&format!("{worker}:{workers}"), database),
    })
}

pub(super) fn ensure_role(psql: &Psql<'_>, role: &str) -> Result<String, Error> {
    let password = secrets::random()?;
    let kept = secrets::verifier(&password)?;
    // Who else holds a transaction open is seen, since that holds back a relay.
    psql.run(
        "postgres",
        &format!(
            r#"do $$ begin
                   if not exists (select from pg_roles where rolname = '{role}') then create role "{role}"; end if;
               end $$;
               grant pg_read_all_stats to "{role}";
               alter role "{role}" login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password '{kept}'"#
        ),
    )?;
    Ok(password)
}

/// Sequences of a table go with it.
const HAND_OVER: &str = r#"
do $$
declare
    it record;
begin
    for it in select c.oid::regclass as name from pg_class c
               where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
                 and c.relowner <> (select oid from pg_roles where rolname = 'OWNER') loop
        execute format('alter table %s owner to "OWNER"', it.name);
    end loop;
    for it in select c.oid::regclass as name from pg_class c
               where c.relnamespace = 'public'::regnamespace and c.relkind = 'S'
                 and c.relowner <> (select oid from pg_roles where rolname = 'OWNER') loop
        execute format('alter sequence %s owner to "OWNER"', it.name);
    end loop;
    for it in select p.oid::regprocedure as name from pg_proc p
               where p.pronamespace = 'public'::regnamespace
                 and p.proowner <> (select oid from pg_roles where rolname = 'OWNER') loop
        execute format('alter routine %s owner to "OWNER"', it.name);
    end loop;
end $$"#;
