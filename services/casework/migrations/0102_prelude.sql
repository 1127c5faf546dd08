-- What came of a request before its case. The id is the request's.
create table prelude (
    id       uuid    not null,
    version  bigint  not null,
    body     jsonb   not null,
    district text    not null generated always as (body ->> 'district') stored,
    -- The case that took it over.
    taken_by uuid             generated always as ((body ->> 'taken_by')::uuid) stored,
    constraint prelude_pkey primary key (id)
);

-- A case and a prelude that nobody took over never stand side by side: the constraint that no index can say, since it spans two tables.
-- Whoever commits second is told to decide anew (40001), and then sees the other. The lock makes one of two wait for the other's commit;
-- the check comes after it, with a snapshot of its own.
create function case_and_prelude() returns trigger language plpgsql as $$
declare
    request uuid := case tg_table_name when 'prelude' then new.id else (new.body ->> 'opened_on')::uuid end;
begin
    perform pg_advisory_xact_lock(hashtext('casework.request'), hashtext(request::text));
    if exists (select from prelude p where p.id = request and p.taken_by is null)
       and exists (select from "case" c where c.opened_on = request) then
        raise exception 'request % has a case and a prelude', request using errcode = 'serialization_failure';
    end if;
    return null;
end
$$;

-- At commit: a case and the prelude it takes over are written one after the other.
create constraint trigger case_takes_prelude after insert on "case"
    deferrable initially deferred for each row execute function case_and_prelude();
create constraint trigger prelude_before_case after insert or update on prelude
    deferrable initially deferred for each row execute function case_and_prelude();
