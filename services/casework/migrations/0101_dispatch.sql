-- Departments' parts in cases. One row each.
create table dispatch (
    id        uuid        not null,
    version   bigint      not null,
    shape     smallint    not null,
    hash      bytea       not null,
    body      jsonb       not null,
    case_id   uuid        not null generated always as ((body ->> 'case')::uuid) stored,
    district  text        not null generated always as (body ->> 'district') stored,
    unit      text        not null generated always as (body ->> 'unit') stored,
    area      text        not null generated always as (body ->> 'area') stored,
    street    text        not null generated always as (left(body ->> 'area', 9)) stored,
    state     text        not null generated always as (body ->> 'state') stored,
    overdue   boolean     not null generated always as ((body ->> 'overdue')::boolean) stored,
    due_at    timestamptz          generated always as (instant(body -> 'due_at')) stored,
    constraint dispatch_pkey primary key (id),
    constraint dispatch_state check (state in ('sent', 'accepted', 'done', 'declined', 'ended'))
) with (fillfactor = 80);

-- The timer's question.
create index dispatch_due_at on dispatch (due_at) where due_at is not null;
-- Lists go newest first, by id.
create index dispatch_case on dispatch (case_id, id);
-- A unit's code says nothing without its district.
create index dispatch_unit on dispatch (district, unit, id);
create index dispatch_unit_state on dispatch (district, unit, state, id);
create index dispatch_district on dispatch (district, id);
create index dispatch_district_state on dispatch (district, state, id);
create index dispatch_street on dispatch (street, id);
