-- A service works as a role that may add to the log and never change it, so it may not lock it either: a new epoch is begun in its stead by
-- whoever owns the log, and only where the log is on another cluster than before (src/log/epoch.rs asks the same question first).
create function raise_epoch() returns table (begun bigint, begun_at timestamptz)
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    here text := (select concat_ws('/', (select system_identifier from pg_control_system()), left(pg_walfile_name(pg_current_wal_lsn()), 8),
                                   (select oid from pg_database where datname = current_database()), 'log'::regclass::oid));
begin
    -- Whoever is in the middle of writing an entry is waited for: it belongs to the epoch before.
    lock table epoch, log in share row exclusive mode;
    if exists (select from (select e.number, e.cluster from epoch e order by e.number desc limit 1) newest
                where newest.cluster = here
                  and not exists (select from log l where l.epoch = newest.number and l.xid >= pg_snapshot_xmax(pg_current_snapshot()))) then
        return;
    end if;
    return query
        insert into epoch (number, cluster, raised_at)
        select greatest(extract(epoch from clock_timestamp())::bigint, coalesce(max(e.number), 0) + 1), here,
               case when count(*) > 0 or exists (select from log) then clock_timestamp() end
          from epoch e
        returning number, raised_at;
end $$;
