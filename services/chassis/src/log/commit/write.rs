//! The statements of the group commit: marks with what is to be confirmed of them, rows, guards, commands, claims, what was heard, log entries. One statement per table, whatever the group's size.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use sqlx::{AssertSqlSafe, PgConnection, Row};
use uuid::Uuid;

use super::AppendError;
use crate::{
    log::{
        Command,
        draft::{ChangeSet, Claim, Draft, Heard, Mark},
    },
    seal::table::KEYS,
};

// A mark may be the first of its aggregate, or follow the one there is; anything else is a duplicate or a gap and writes nothing.
// In order, so that two replicas never wait for each other crosswise.
//
// Of those that only a stream has told, one row for all is kept to be confirmed: a row for each would be as much again as the mark itself.
const MARK: &str = "
    with marked as (
         insert into followed as f (source, aggregate, version, id)
         select n.source, n.aggregate, n.version, n.id
           from unnest($1::text[], $2::uuid[], $3::int8[], $4::uuid[]) as n (source, aggregate, version, id)
          where n.version = 1
             or exists (select from followed o where o.source = n.source and o.aggregate = n.aggregate and o.version = n.version - 1)
          order by n.source, n.aggregate
         on conflict (source, aggregate) do update set version = excluded.version, id = excluded.id where f.version = excluded.version - 1
         returning source, aggregate, version, id),
    told as (
         insert into unconfirmed (source, aggregates, versions, ids)
         select source, array_agg(aggregate), array_agg(version), array_agg(id) from marked where id = any ($5::uuid[]) group by source)
    select source, aggregate from marked";

const HEARD: &str = "
    insert into heard (id, aggregate, version, at, body)
    select n.id, n.aggregate, n.version, n.at, n.body::jsonb
      from unnest($1::uuid[], $2::uuid[], $3::int8[], $4::timestamptz[], $5::text[]) as n (id, aggregate, version, at, body)";

const COMMAND: &str = "
    insert into command (request_id, issuer, subject, method, digest, aggregate, version, at)
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::uuid[], $7::int8[], $8::timestamptz[])
     order by 1, 2, 3
    on conflict do nothing returning request_id, aggregate";

const CLAIM: &str = "
    insert into claim (name, key, aggregate)
    select * from unnest($1::text[], $2::text[], $3::uuid[]) order by 1, 2
    on conflict do nothing returning name, key, aggregate";

// Claims that pass from the aggregate that holds them to another.
const TAKE_OVER: &str = "
    update claim c set aggregate = n.aggregate
      from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[]) as n (name, key, aggregate, holder)
     where c.name = n.name and c.key = n.key and c.aggregate = n.holder
    returning c.name, c.key, c.aggregate";

const LOG: &str = "
    insert into log (id, kind, aggregate, version, district, unit, at, shape, entry, hash, left_unit, epoch)
    select n.id, n.kind, n.aggregate, n.version, n.district, n.unit, n.at, n.shape, n.entry, n.hash, n.left_unit, (select max(number) from epoch)
      from unnest($1::uuid[], $2::text[], $3::uuid[], $4::int8[], $5::text[], $6::text[], $7::timestamptz[], $8::int2[], $9::text[], $10::bytea[], $11::text[])
           with ordinality as n (id, kind, aggregate, version, district, unit, at, shape, entry, hash, left_unit, place)
     order by n.place";

fn insert(kind: &str) -> String {
    format!(
        "insert into \"{kind}\" (id, version, shape, hash, body)
         select n.id, n.version, n.shape, n.hash, n.body::jsonb
           from unnest($1::uuid[], $2::int8[], $3::int8[], $4::int2[], $5::bytea[], $6::text[]) as n (id, expected, version, shape, hash, body)
         on conflict do nothing returning id"
    )
}

fn update(kind: &str) -> String {
    format!(
        "update \"{kind}\" t set version = n.version, shape = n.shape, hash = n.hash, body = n.body::jsonb
           from unnest($1::uuid[], $2::int8[], $3::int8[], $4::int2[], $5::bytea[], $6::text[]) as n (id, expected, version, shape, hash, body)
          where t.id = n.id and t.version = n.expected returning t.id"
    )
}

/// How the sets of a group went, in their order.
pub(super) struct Written {
    pub results: Vec<Result<(), AppendError>>,
    /// A refused set has written a part: nothing of the group may be committed.
    pub in_part: bool,
}

pub(super) async fn write_in_tx(
    connection: &mut PgConnection,
    sets: &[&ChangeSet],
) -> Result<Written, sqlx::Error> {
    let mut written = Written { results: vec![Ok(()); sets.len()], in_part: false };
    let marked = write_marks(connection, sets).await?;
    written.refuse(sets, |set| {
        let missing =
            set.mark.as_ref().is_some_and(|mark| !marked.contains(&(mark.source.to_owned(), mark.aggregate)));
        missing.then_some((AppendError::Mark, false))
    });
    let rows = write_rows(connection, &written.accepted(sets)).await?;
    written.refuse(sets, |set| {
        let draft = set.drafts.iter().find(|draft| !rows.contains(&(draft.kind, draft.id)))?;
        let error = if draft.expected == 0 { AppendError::Duplicate } else { AppendError::Stale };
        Some((error, set.mark.is_some() || set.drafts.len() > 1))
    });
    let guards = read_guards(connection, &written.accepted(sets)).await?;
    written.refuse(sets, |set| {
        let moved =
            set.guards.iter().any(|guard| guards.get(&(guard.kind, guard.id)) != Some(&guard.version));
        moved.then_some((AppendError::Stale, true))
    });
    let commands = write_commands(connection, &written.accepted(sets)).await?;
    written.refuse(sets, |set| {
        let (command, draft) = set.command()?;
        (!commands.contains(&(command.request_id, draft.id))).then_some((AppendError::Replayed, true))
    });
    let claims = write_claims(connection, &written.accepted(sets)).await?;
    written.refuse(sets, |set| {
        let lacks = |draft: &Draft| {
            draft
                .claims
                .iter()
                .any(|claim| !claims.contains(&(claim.name.to_owned(), claim.key.clone(), draft.id)))
        };
        set.drafts.iter().any(lacks).then_some((AppendError::Duplicate, true))
    });
    if !written.in_part {
        write_heard(connection, &written.accepted(sets)).await?;
        write_log(connection, &written.accepted(sets)).await?;
    }
    Ok(written)
}

impl Written {
    /// Refuses those of which `why` gives an error, and whether they have written a part by now.
    fn refuse(&mut self, sets: &[&ChangeSet], why: impl Fn(&ChangeSet) -> Option<(AppendError, bool)>) {
        for (result, set) in self.results.iter_mut().zip(sets) {
            if result.is_ok()
                && let Some((error, in_part)) = why(set)
            {
                *result = Err(error);
                self.in_part |= in_part;
            }
        }
    }

    fn accepted<'a>(&self, sets: &[&'a ChangeSet]) -> Vec<&'a ChangeSet> {
        sets.iter().zip(&self.results).filter(|(_, result)| result.is_ok()).map(|(set, _)| *set).collect()
    }
}

async fn write_marks(
    connection: &mut PgConnection,
    sets: &[&ChangeSet],
) -> Result<HashSet<(String, Uuid)>, sqlx::Error> {
    let marks: Vec<&Mark> = sets.iter().filter_map(|set| set.mark.as_ref()).collect();
    if marks.is_empty() {
        return Ok(HashSet::new());
    }
    let unconfirmed = sets.iter().filter(|set| set.unconfirmed).filter_map(|set| set.mark.as_ref());
    let rows: Vec<(String, Uuid)> = sqlx::query_as(MARK)
        .bind(marks.iter().map(|m| m.source).collect::<Vec<_>>())
        .bind(marks.iter().map(|m| m.aggregate).collect::<Vec<_>>())
        .bind(marks.iter().map(|m| m.version).collect::<Vec<_>>())
        .bind(marks.iter().map(|m| m.id).collect::<Vec<_>>())
        .bind(unconfirmed.map(|m| m.id).collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

async fn write_heard(connection: &mut PgConnection, sets: &[&ChangeSet]) -> Result<(), sqlx::Error> {
    let heard: Vec<(&Mark, &Heard)> =
        sets.iter().filter_map(|set| set.mark.as_ref().zip(set.heard.as_ref())).collect();
    if heard.is_empty() {
        return Ok(());
    }
    sqlx::query(HEARD)
        .bind(heard.iter().map(|(mark, _)| mark.id).collect::<Vec<_>>())
        .bind(heard.iter().map(|(mark, _)| mark.aggregate).collect::<Vec<_>>())
        .bind(heard.iter().map(|(mark, _)| mark.version).collect::<Vec<_>>())
        .bind(heard.iter().map(|(_, heard)| heard.at).collect::<Vec<_>>())
        .bind(heard.iter().map(|(_, heard)| heard.body.as_str()).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

async fn write_rows(
    connection: &mut PgConnection,
    sets: &[&ChangeSet],
) -> Result<HashSet<(&'static str, Uuid)>, sqlx::Error> {
    let mut kinds: BTreeMap<(&'static str, bool), Vec<&Draft>> = BTreeMap::new();
    for draft in sets.iter().flat_map(|set| &set.drafts) {
        kinds.entry((draft.kind, draft.expected == 0)).or_default().push(draft);
    }
    let mut written = HashSet::new();
    for ((kind, new), mut drafts) in kinds {
        // Two replicas that change the same rows lock them in the same order.
        drafts.sort_unstable_by_key(|draft| draft.id);
        let sql = if new { insert(kind) } else { update(kind) };
        let rows: Vec<(Uuid,)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(drafts.iter().map(|d| d.id).collect::<Vec<_>>())
            .bind(drafts.iter().map(|d| d.expected).collect::<Vec<_>>())
            .bind(drafts.iter().map(|d| d.version).collect::<Vec<_>>())
            .bind(drafts.iter().map(|d| d.shape).collect::<Vec<_>>())
            .bind(drafts.iter().map(|d| d.hash.as_slice()).collect::<Vec<_>>())
            .bind(drafts.iter().map(|d| d.body.as_str()).collect::<Vec<_>>())
            .fetch_all(&mut *connection)
            .await?;
        written.extend(rows.into_iter().map(|(id,)| (kind, id)));
    }
    Ok(written)
}

/// The versions of what sets rest on, locked so that nobody changes them before the commit.
async fn read_guards(
    connection: &mut PgConnection,
    sets: &[&ChangeSet],
) -> Result<HashMap<(&'static str, Uuid), i64>, sqlx::Error> {
    let mut kinds: BTreeMap<&'static str, BTreeSet<Uuid>> = BTreeMap::new();
    for guard in sets.iter().flat_map(|set| &set.guards) {
        kinds.entry(guard.kind).or_default().insert(guard.id);
    }
    let mut versions = HashMap::new();
    for (kind, ids) in kinds {
        let sql = format!("select id, version from \"{kind}\" where id = any ($1) order by id for share");
        let rows: Vec<(Uuid, i64)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(ids.into_iter().collect::<Vec<_>>())
            .fetch_all(&mut *connection)
            .await?;
        versions.extend(rows.into_iter().map(|(id, version)| ((kind, id), version)));
    }
    Ok(versions)
}

/// The ids of the commands that are new, each with what it changes.
async fn write_commands(
    connection: &mut PgConnection,
    sets: &[&ChangeSet],
) -> Result<HashSet<(Uuid, Uuid)>, sqlx::Error> {
    let commands: Vec<(&Command, &Draft)> = sets.iter().filter_map(|set| set.command()).collect();
    if commands.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(COMMAND)
        .bind(commands.iter().map(|(c, _)| c.request_id).collect::<Vec<_>>())
        .bind(commands.iter().map(|(c, _)| c.issuer.as_str()).collect::<Vec<_>>())
        .bind(commands.iter().map(|(c, _)| c.subject.as_str()).collect::<Vec<_>>())
        .bind(commands.iter().map(|(c, _)| c.method.as_str()).collect::<Vec<_>>())
        .bind(commands.iter().map(|(c, _)| c.digest.as_slice()).collect::<Vec<_>>())
        .bind(commands.iter().map(|(_, d)| d.id).collect::<Vec<_>>())
        .bind(commands.iter().map(|(_, d)| d.version).collect::<Vec<_>>())
        .bind(commands.iter().map(|(_, d)| d.at).collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The claims that hold now, each with whose it is.
async fn write_claims(
    connection: &mut PgConnection,
    sets: &[&ChangeSet],
) -> Result<HashSet<(String, String, Uuid)>, sqlx::Error> {
    let claims: Vec<(&Claim, Uuid)> = sets
        .iter()
        .flat_map(|set| &set.drafts)
        .flat_map(|draft| draft.claims.iter().map(|claim| (claim, draft.id)))
        .collect();
    let mut held = HashSet::new();
    if claims.is_empty() {
        return Ok(held);
    }
    let new: Vec<_> = sqlx::query(CLAIM)
        .bind(claims.iter().map(|(c, _)| c.name).collect::<Vec<_>>())
        .bind(claims.iter().map(|(c, _)| c.key.as_str()).collect::<Vec<_>>())
        .bind(claims.iter().map(|(_, id)| *id).collect::<Vec<_>>())
        .fetch_all(&mut *connection)
        .await?;
    let given: Vec<_> = claims.into_iter().filter_map(|(c, id)| Some((c, id, c.from?))).collect();
    let taken = match given.is_empty() {
        true => Vec::new(),
        false => {
            sqlx::query(TAKE_OVER)
                .bind(given.iter().map(|(c, ..)| c.name).collect::<Vec<_>>())
                .bind(given.iter().map(|(c, ..)| c.key.as_str()).collect::<Vec<_>>())
                .bind(given.iter().map(|(_, id, _)| *id).collect::<Vec<_>>())
                .bind(given.iter().map(|(.., from)| *from).collect::<Vec<_>>())
                .fetch_all(connection)
                .await?
        }
    };
    for row in new.into_iter().chain(taken) {
        held.insert((row.try_get("name")?, row.try_get("key")?, row.try_get("aggregate")?));
    }
    Ok(held)
}

async fn write_log(connection: &mut PgConnection, sets: &[&ChangeSet]) -> Result<(), sqlx::Error> {
    let entries: Vec<_> = sets.iter().flat_map(|set| &set.drafts).flat_map(|draft| &draft.entries).collect();
    if entries.is_empty() {
        return Ok(());
    }
    let drafts = || sets.iter().flat_map(|set| &set.drafts);
    let keys: Vec<_> = drafts().filter_map(|draft| Some((draft.id, draft.key.as_ref()?))).collect();
    let forgotten: Vec<_> = drafts().filter(|draft| draft.forgets).map(|draft| draft.id).collect();
    let is_plain = keys.is_empty() && forgotten.is_empty();
    // One statement either way: what is sealed costs a row and no round trip.
    let sql = if is_plain { LOG.to_owned() } else { format!("{KEYS} {LOG}") };
    let query = sqlx::query(AssertSqlSafe(sql))
        .bind(entries.iter().map(|e| e.head.id).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.head.kind.as_str()).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.head.aggregate).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.head.version).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.head.district.as_str()).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.head.unit.as_deref()).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.head.at).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.head.shape).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.text.as_str()).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.hash.as_slice()).collect::<Vec<_>>())
        .bind(entries.iter().map(|e| e.left.as_deref()).collect::<Vec<_>>());
    let query = match is_plain {
        true => query,
        false => query
            .bind(keys.iter().map(|(of, _)| *of).collect::<Vec<_>>())
            .bind(keys.iter().map(|(_, key)| key.id).collect::<Vec<_>>())
            .bind(keys.iter().map(|(_, key)| key.wrapped.by.as_str()).collect::<Vec<_>>())
            .bind(keys.iter().map(|(_, key)| key.wrapped.bytes.as_slice()).collect::<Vec<_>>())
            .bind(
                keys.iter()
                    .map(|(_, key)| key.found_by.as_ref().map(<[u8; 32]>::as_slice))
                    .collect::<Vec<_>>(),
            )
            .bind(forgotten),
    };
    query.execute(connection).await?;
    Ok(())
}
