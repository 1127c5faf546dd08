-- Intake works as a role that may add to the record of who read names and phones, and takes nothing away from it: a record whose time is over
-- is taken away in its stead by whoever owns the table, and no other is, whatever is asked for.
create function forget_reads(ids uuid[]) returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp as $$
    delete from read_record where id = any (ids) and forget_at <= now();
$$;
