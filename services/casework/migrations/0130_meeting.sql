-- 开放空间、睦邻议事会. One row each.
create table meeting (
    id        uuid        not null,
    version   bigint      not null,
    shape     smallint    not null,
    hash      bytea       not null,
    body      jsonb       not null,
    district  text        not null generated always as (body ->> 'district') stored,
    area      text        not null generated always as (body ->> 'area') stored,
    street    text        not null generated always as (left(body ->> 'area', 9)) stored,
    state     text        not null generated always as (body ->> 'state') stored,
    -- The day that it is counted on.
    starts_at timestamptz not null generated always as (instant(body -> 'starts_at')) stored,
    constraint meeting_pkey primary key (id),
    constraint meeting_state check (state in ('convened', 'held', 'cancelled'))
);

-- Lists go newest first, by id.
create index meeting_district on meeting (district, id);
create index meeting_district_state on meeting (district, state, id);
create index meeting_street on meeting (street, id);
-- Counted by place and period.
create index meeting_starts_at on meeting (district, starts_at) where state = 'held';
