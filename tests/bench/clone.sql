-- Many cases out of a few: clones the rows, claims and log entries of whole lives within casework's database.
--
-- In a clone every UUID ends with the clone's number in eight hexadecimal digits, wherever it stands in a row, and so does the case's
-- number: what belongs together in the original belongs together in the clone, and replaying its log gives its row. Only two more columns
-- change. The entries' epoch and transaction put them before all others in the log, where relay and followers have been already: they are
-- neither published nor missed. And the hashes are chained anew, as `Head::chain` in `log/entry.rs` does it: replaying checks them.
--
-- Relies on: a case's columns; a log entry's columns, all those that its hash is over; a claim's aggregate; ids being UUIDs;
-- nothing else being owed to a case in this database (a further table needs its insert into `original`). Its commands are not cloned: they
-- are forgotten after thirty days. Triggers do not fire: they would lock each request.
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

-- Clones of every original: the first to the last. Of a case's row all further columns are generated.
create function pg_temp.clone(first int, last int) returns void language sql as $$
    insert into log
    select whole.*
      from (
          select e, pg_temp.chained(convert_to(concat_ws(E'\n', id, kind, aggregate, version, district, coalesce(unit, ''),
                        (extract(epoch from at) * 1000000)::bigint, shape, entry), 'UTF8')) over (partition by aggregate order by version) as hash
            from pg_temp.rows_of('log', first, last) r, jsonb_populate_record(null::log, r) e
      ) as chained,
           jsonb_populate_record(e, jsonb_build_object('hash', hash)) as whole;
    insert into claim select h.* from pg_temp.rows_of('claim', first, last) r, jsonb_populate_record(null::claim, r) h;
    insert into "case" (id, version, shape, hash, body)
    select c.id, c.version, c.shape, (select hash from log where aggregate = c.id order by version desc limit 1), c.body
      from pg_temp.rows_of('case', first, last) r, jsonb_populate_record(null::"case", r) c;
$$;
