-- Many cases out of a few: clones the rows and log entries of whole lives within casework's database.
--
-- In a clone every UUID ends with the clone's number in eight hexadecimal digits, wherever it stands in a row, and so does the case's
-- number: what belongs together in the original belongs together in the clone, and replaying its log gives its row. No other column is
-- named or changed, but for the one that puts the entries before all others in the log, where relay and followers have been already: they
-- are neither published nor missed.
--
-- Relies on: a case's columns id and number, a log entry's columns aggregate and xid; ids being UUIDs; entries not being bound to each
-- other by more than id and version (where an entry holds the hash of the one before, `clone` must compute it anew); nothing else being
-- owed to a case in this database (a further table needs its insert into `original`). Triggers do not fire: they would lock each request.
set session_replication_role = replica;
set synchronous_commit = off;
set statement_timeout = 0;

-- A row as JSON, with a word in the place of the clone's number.
create temporary table original (target regclass, row text);

create function pg_temp.keep(cases uuid[]) returns void language sql as $$
    insert into original
    select target, regexp_replace(
               replace(row::text, number, number || '-#clone#'),
               '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})[0-9a-f]{8}', '\1#clone#', 'g')
      from (
          select '"case"'::regclass as target, to_jsonb(c) as row, c.number from "case" c where c.id = any (cases)
          union all
          select 'log'::regclass, to_jsonb(l) || '{"xid": "0"}', c.number
            from "case" c join log l on l.aggregate = c.id where c.id = any (cases)
      ) as rows
$$;

-- Clones of every original: the first to the last, each with the columns that are not made by the database itself.
create function pg_temp.clone(first int, last int) returns void language plpgsql as $$
declare
    its record;
begin
    for its in
        select attrelid::regclass as target, string_agg(quote_ident(attname), ', ' order by attnum) as columns
          from pg_attribute
         where attrelid in (select target from original)
           and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
         group by attrelid
    loop
        execute format(
            'insert into %1$s (%2$s)
             select %2$s from original o
              cross join generate_series($1, $2) as n
              cross join jsonb_populate_record(null::%1$s, replace(o.row, ''#clone#'', lpad(to_hex(n), 8, ''0''))::jsonb)
              where o.target = $3',
            its.target, its.columns)
        using first, last, its.target;
    end loop;
end
$$;
