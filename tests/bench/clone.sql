-- Many cases out of a few: clones the rows, claims and log entries of whole lives within casework's database.
--
-- In a clone every UUID ends with the clone's number in eight hexadecimal digits, wherever it stands in a row, and so does the case's
-- number: what belongs together in the original belongs together in the clone, and replaying its log gives its row. Only two more columns
-- change. The entries' epoch and transaction put them before all others in the log, where relay and followers have been already: they are
-- neither published nor missed. And the hashes are chained anew, as `Head::chain` in `log/entry.rs` does it: replaying checks them.
--
-- Relies on: a case's columns id, number and hash; a log entry's columns, all those that its hash is over; a claim's aggregate; ids being
-- UUIDs; nothing else being owed to a case in this database (a further table needs its insert into `original`). Its commands are not
-- cloned: they are forgotten after thirty days. Triggers do not fire: they would lock each request.
set session_replication_role = replica;
set synchronous_commit = off;
set statement_timeout = 0;

-- A row as JSON, with a word in the place of the clone's number.
create temporary table original (target text, row text);

create function pg_temp.keep(cases uuid[]) returns void language sql as $$
    insert into original
    select target, regexp_replace(
               replace(row::text, number, number || '-#clone#'),
               '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})[0-9a-f]{8}', '\1#clone#', 'g')
      from (
          select 'case' as target, to_jsonb(c) as row, c.number from "case" c where c.id = any (cases)
          union all
          select 'claim', to_jsonb(h), c.number from "case" c join claim h on h.aggregate = c.id where c.id = any (cases)
          union all
          select 'log', to_jsonb(l) || '{"epoch": 0, "xid": "0"}', c.number
            from "case" c join log l on l.aggregate = c.id where c.id = any (cases)
      ) as rows
$$;

-- The hash of an entry, after the one before.
create function pg_temp.chain(before bytea, entry bytea) returns bytea language sql as 'select sha256(before || entry)';
create aggregate pg_temp.chained(entry bytea) (
    sfunc = pg_temp.chain, stype = bytea, initcond = '\x0000000000000000000000000000000000000000000000000000000000000000'
);

-- The rows of a table in the clones of every original: the first to the last.
create function pg_temp.rows_of(target text, first int, last int) returns setof jsonb language sql as $$
    select replace(o.row, '#clone#', lpad(to_hex(n), 8, '0'))::jsonb
      from original o cross join generate_series(first, last) as n
     where o.target = rows_of.target
$$;

-- A table's columns, but for those that the database makes by itself.
create function pg_temp.columns(target regclass) returns text language sql as $$
    select string_agg(quote_ident(attname), ', ' order by attnum)
      from pg_attribute
     where attrelid = target and attnum > 0 and not attisdropped and attgenerated = ''
$$;

create temporary table cloned (like log);

create function pg_temp.clone(first int, last int) returns void language plpgsql as $$
begin
    truncate cloned;
    insert into cloned select e.* from pg_temp.rows_of('log', first, last) r, jsonb_populate_record(null::log, r) e;
    update cloned e set hash = n.hash
      from (
          select id, pg_temp.chained(convert_to(concat_ws(E'\n', id, kind, aggregate, version, district, coalesce(unit, ''),
                     (extract(epoch from at) * 1000000)::bigint, shape, entry), 'UTF8')) over (partition by aggregate order by version) as hash
            from cloned
      ) n
     where n.id = e.id;
    insert into log select * from cloned;
    insert into claim select h.* from pg_temp.rows_of('claim', first, last) r, jsonb_populate_record(null::claim, r) h;
    execute format(
        'insert into "case" (%1$s)
         select %1$s from pg_temp.rows_of(''case'', $1, $2) r
          cross join lateral jsonb_populate_record(null::"case", r || jsonb_build_object(''hash'',
                (select hash from log where aggregate = (r ->> ''id'')::uuid order by version desc limit 1))) c',
        pg_temp.columns('"case"'))
    using first, last;
end
$$;
