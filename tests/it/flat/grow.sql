-- Makes a table longer: of each row clones that are told apart by their numbers, from the first to the last, in the last eight digits of
-- every UUID and behind every request's number. What is unique and names neither is left out. Clones of log entries stand before all
-- others, where relay and followers have been already.
-- What this reads itself is not counted.
set track_counts = off;

-- What one caller may do in a day, and what of a district falls due on what is left of one, is counted, up to a bound: what grows without one are other days.
create function pg_temp.another_day(target text, original jsonb) returns jsonb language sql as $$
    select original || '{"epoch": 0, "xid": "0"}' || case
        when target = 'command' then jsonb_build_object('at', now() - interval '2 days')
        when target = 'course' and original -> 'body' ? 'due_at' then
            jsonb_build_object('body', original -> 'body' || jsonb_build_object('due_at', (original #> '{body,due_at}')::int8 + 172800000000))
        else '{}' end
$$;

create function pg_temp.grow(target text, first int, last int) returns bigint language plpgsql as $$
declare
    columns text := (select string_agg(quote_ident(attname), ', ') from pg_attribute
                      where attrelid = target::regclass and attnum > 0 and not attisdropped and attgenerated = '');
    made bigint;
begin
    -- A vacuum reads the table too, to summarise the index on instants.
    execute format('alter table %s set (autovacuum_enabled = off)', target);
    execute format(
        $grow$
            with original as materialized (
                -- Without the clones that there are: they are alike, but for their numbers.
                select distinct regexp_replace(regexp_replace(pg_temp.another_day(%3$L, to_jsonb(t))::text,
                           '([A-Z]{2}-\d{8}-\d{6})(-[0-9a-f]{8})?', '\1-#clone#', 'g'),
                           '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})[0-9a-f]{8}', '\1#clone#', 'g') as row
                  from %1$s t
            )
            insert into %1$s (%2$s)
            select %2$s from original, generate_series($1, $2) n,
                   jsonb_populate_record(null::%1$s, replace(row, '#clone#', lpad(to_hex(n), 8, '0'))::jsonb)
            on conflict do nothing
        $grow$, target, columns, target) using first, last;
    get diagnostics made = row_count;
    -- As when it grows by and by.
    execute format('analyze %s', target);
    return made;
end $$;
