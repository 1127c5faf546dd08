-- What somebody above must allow. One row each.
create table approval (
    id        uuid        not null,
    version   bigint      not null,
    shape     smallint    not null,
    hash      bytea       not null,
    body      jsonb       not null,
    case_id   uuid        not null generated always as ((body ->> 'case')::uuid) stored,
    district  text        not null generated always as (body ->> 'district') stored,
    area      text        not null generated always as (body ->> 'area') stored,
    street    text        not null generated always as (left(body ->> 'area', 9)) stored,
    asked_by  text        not null generated always as (body -> 'asked_by' ->> 'unit') stored,
    granter   text        not null generated always as (body -> 'granter' ->> 'unit') stored,
    state     text        not null generated always as (body ->> 'state') stored,
    overdue   boolean     not null generated always as ((body ->> 'overdue')::boolean) stored,
    due_at    timestamptz          generated always as (instant(body -> 'due_at')) stored,
    constraint approval_pkey primary key (id),
    constraint approval_state check (state in ('asked', 'granted', 'refused', 'lapsed'))
) with (fillfactor = 80);

-- The timer's question.
create index approval_due_at on approval (due_at) where due_at is not null;
-- Lists go newest first, by id. A unit's code says nothing without its district.
create index approval_case on approval (case_id, id);
create index approval_granter on approval (district, granter, id);
create index approval_granter_state on approval (district, granter, state, id);
create index approval_asked_by on approval (district, asked_by, id);
create index approval_street on approval (street, id);
create index approval_district on approval (district, id);
create index approval_district_state on approval (district, state, id);

-- A case can be in more places. Rows that are there stand in the old ones, so the new check need not read them.
alter table "case" drop constraint case_state;
alter table "case" add constraint case_state
    check (state in ('assigned', 'working', 'returned', 'suspended', 'waiting', 'resolved', 'closed')) not valid;
