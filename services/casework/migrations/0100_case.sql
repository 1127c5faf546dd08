-- The work on requests. One row each; the log holds every change. Rows change often: room is left on each page.
create table "case" (
    id        uuid        not null,
    version   bigint      not null,
    shape     smallint    not null,
    hash      bytea       not null,
    body      jsonb       not null,
    number    text        not null generated always as (body ->> 'number') stored,
    district  text        not null generated always as (body ->> 'district') stored,
    area      text        not null generated always as (body ->> 'area') stored,
    -- Prefixes of the area code: a list by street or community is one range of one index.
    street    text        not null generated always as (left(body ->> 'area', 9)) stored,
    community text        not null generated always as (left(body ->> 'area', 12)) stored,
    category  text        not null generated always as (body ->> 'category') stored,
    state     text        not null generated always as (body ->> 'state') stored,
    tier      text        not null generated always as (body -> 'holder' ->> 'tier') stored,
    holder    text        not null generated always as (body -> 'holder' ->> 'unit') stored,
    -- A running clock is red.
    overdue   boolean     not null generated always as ((body ->> 'overdue')::boolean) stored,
    -- When the next lamp turns; null when none will.
    due_at    timestamptz          generated always as (instant(body -> 'due_at')) stored,
    constraint case_pkey primary key (id),
    constraint case_state check (state in ('assigned', 'working', 'resolved', 'closed')),
    constraint case_tier check (tier in ('grid', 'community', 'street', 'district'))
) with (fillfactor = 80);

create index case_number on "case" (number);
-- The timer's question.
create index case_due_at on "case" (due_at) where due_at is not null;
-- Lists go newest first, which is by id: an id begins with the time it was made. Each has its index, so a page costs what any other does.
create index case_district on "case" (district, id);
create index case_district_state on "case" (district, state, id);
create index case_district_category on "case" (district, category, id);
create index case_street_state on "case" (street, state, id);
create index case_street on "case" (street, id);
create index case_community on "case" (community, id);
-- A unit's code says nothing without its district.
create index case_holder on "case" (district, holder, id);
create index case_holder_state on "case" (district, holder, state, id);
create index case_overdue on "case" (district, id) where overdue;
