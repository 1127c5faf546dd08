//! The statements of the group commit: marks, new rows, changed rows, log entries. One statement per table, whatever the group's size.

use std::collections::{BTreeMap, HashSet};

use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use super::AppendError;
use crate::log::draft::{ChangeSet, Draft, Mark};

/// The marks that were set: source and aggregate.
type Marked = HashSet<(&'static str, Uuid)>;

/// How a group went.
pub(super) enum Refusal {
    /// Commit: sets of one part were refused alone, or none was.
    Alone(Vec<Result<(), AppendError>>),
    /// Roll back: a set of several parts was refused in part.
    Whole(AppendError),
}

// A mark may be the first of its aggregate, or follow the one there is; anything else is a duplicate or a gap and writes nothing.
// In order, so that two replicas never wait for each other crosswise.
const MARK: &str = "
    insert into followed as f (source, aggregate, version)
    select n.source, n.aggregate, n.version
      from unnest($1::text[], $2::uuid[], $3::int8[]) as n (source, aggregate, version)
     where n.version = 1
        or exists (select from followed o where o.source = n.source and o.aggregate = n.aggregate and o.version = n.version - 1)
     order by n.source, n.aggregate
    on conflict (source, aggregate) do update set version = excluded.version where f.version = excluded.version - 1
    returning source, aggregate";

const LOG: &str = "
    insert into log (id, kind, aggregate, version, district, at, actor, request_id, traceparent, change, about)
    select n.id, n.kind, n.aggregate, n.version, n.district, n.at, n.actor::jsonb, n.request_id, n.traceparent, n.change::jsonb, n.about::jsonb
      from unnest($1::uuid[], $2::text[], $3::uuid[], $4::int8[], $5::text[], $6::timestamptz[], $7::text[], $8::uuid[], $9::text[], $10::text[], $11::text[])
           with ordinality as n (id, kind, aggregate, version, district, at, actor, request_id, traceparent, change, about, place)
     order by n.place";

fn insert(kind: &str) -> String {
    format!(
        "insert into \"{kind}\" (id, version, body)
         select n.id, n.version, n.body::jsonb from unnest($1::uuid[], $2::int8[], $3::text[]) as n (id, version, body)
         on conflict do nothing returning id"
    )
}

fn update(kind: &str) -> String {
    format!(
        "update \"{kind}\" t set version = n.version, body = n.body::jsonb
           from unnest($1::uuid[], $2::int8[], $3::int8[], $4::text[]) as n (id, expected, version, body)
          where t.id = n.id and t.version = n.expected returning t.id"
    )
}

pub(super) async fn write_in_tx(
    connection: &mut PgConnection,
    sets: &[&ChangeSet],
) -> Result<Refusal, sqlx::Error> {
    let marked = write_marks(connection, sets).await?;
    let mut written = HashSet::new();
    let mut kinds: BTreeMap<&'static str, Vec<&Draft>> = BTreeMap::new();
    for draft in sets.iter().filter(|set| is_marked(set, &marked)).flat_map(|set| &set.drafts) {
        kinds.entry(draft.kind).or_default().push(draft);
    }
    for (kind, drafts) in kinds {
        let rows = write_rows(connection, kind, &drafts).await?;
        written.extend(rows.into_iter().map(|id| (kind, id)));
    }
    let results: Vec<_> = sets.iter().map(|set| verdict(set, &marked, &written)).collect();
    if let Some(error) = partly_refused(sets, &results) {
        return Ok(Refusal::Whole(error));
    }
    let accepted = sets.iter().zip(&results).filter(|(_, result)| result.is_ok());
    write_log(connection, accepted.flat_map(|(set, _)| &set.drafts)).await?;
    Ok(Refusal::Alone(results))
}

fn is_marked(set: &ChangeSet, marked: &Marked) -> bool {
    set.mark.as_ref().is_none_or(|mark| marked.contains(&(mark.source, mark.aggregate)))
}

fn verdict(set: &ChangeSet, marked: &Marked, written: &HashSet<(&str, Uuid)>) -> Result<(), AppendError> {
    if !is_marked(set, marked) {
        return Err(AppendError::Mark);
    }
    match set.drafts.iter().find(|draft| !written.contains(&(draft.kind, draft.id))) {
        None => Ok(()),
        Some(draft) if draft.expected == 0 => Err(AppendError::Duplicate),
        Some(_) => Err(AppendError::Stale),
    }
}

/// A set whose mark was refused has written nothing; one of a single part neither. Any other refused set may have written a part.
fn partly_refused(sets: &[&ChangeSet], results: &[Result<(), AppendError>]) -> Option<AppendError> {
    sets.iter().zip(results).find_map(|(set, result)| match result {
        Ok(()) | Err(AppendError::Mark) => None,
        Err(error) => (set.drafts.len() + usize::from(set.mark.is_some()) > 1).then(|| error.clone()),
    })
}

async fn write_marks(connection: &mut PgConnection, sets: &[&ChangeSet]) -> Result<Marked, sqlx::Error> {
    let marks: Vec<&Mark> = sets.iter().filter_map(|set| set.mark.as_ref()).collect();
    if marks.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<(String, Uuid)> = sqlx::query_as(MARK)
        .bind(marks.iter().map(|m| m.source).collect::<Vec<_>>())
        .bind(marks.iter().map(|m| m.aggregate).collect::<Vec<_>>())
        .bind(marks.iter().map(|m| m.version).collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
    let set: HashSet<(String, Uuid)> = rows.into_iter().collect();
    Ok(marks
        .iter()
        .filter(|m| set.contains(&(m.source.to_owned(), m.aggregate)))
        .map(|m| (m.source, m.aggregate))
        .collect())
}

async fn write_rows(
    connection: &mut PgConnection,
    kind: &str,
    drafts: &[&Draft],
) -> Result<Vec<Uuid>, sqlx::Error> {
    let (new, mut changed): (Vec<&Draft>, Vec<&Draft>) = drafts.iter().partition(|draft| draft.expected == 0);
    // Two replicas that change the same rows lock them in the same order.
    changed.sort_unstable_by_key(|draft| draft.id);
    let mut written = Vec::with_capacity(drafts.len());
    if !new.is_empty() {
        let rows: Vec<(Uuid,)> = sqlx::query_as(AssertSqlSafe(insert(kind)))
            .bind(new.iter().map(|d| d.id).collect::<Vec<_>>())
            .bind(new.iter().map(|d| d.version).collect::<Vec<_>>())
            .bind(new.iter().map(|d| d.body.as_str()).collect::<Vec<_>>())
            .fetch_all(&mut *connection)
            .await?;
        written.extend(rows.into_iter().map(|row| row.0));
    }
    if !changed.is_empty() {
        let rows: Vec<(Uuid,)> = sqlx::query_as(AssertSqlSafe(update(kind)))
            .bind(changed.iter().map(|d| d.id).collect::<Vec<_>>())
            .bind(changed.iter().map(|d| d.expected).collect::<Vec<_>>())
            .bind(changed.iter().map(|d| d.version).collect::<Vec<_>>())
            .bind(changed.iter().map(|d| d.body.as_str()).collect::<Vec<_>>())
            .fetch_all(connection)
            .await?;
        written.extend(rows.into_iter().map(|row| row.0));
    }
    Ok(written)
}

async fn write_log<'a>(
    connection: &mut PgConnection,
    drafts: impl Iterator<Item = &'a Draft>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<_> = drafts
        .flat_map(|draft| draft.entries.iter().enumerate().map(move |(n, entry)| (n, draft, entry)))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(LOG)
        .bind(rows.iter().map(|(_, _, e)| e.id).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, d, _)| d.kind).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, d, _)| d.id).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, _, e)| e.version).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, d, _)| d.district.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, d, _)| d.at).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, d, _)| d.actor.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(n, d, _)| d.request_id.filter(|_| *n == 0)).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, d, _)| d.traceparent.as_deref()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, _, e)| e.change.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, _, e)| e.about.as_str()).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
