-- One row per callback: asking the reporter about one attempt at a case. Written only by the chassis's log; every column but the
-- first three is generated from the body and cannot disagree with it.
create table callback (
    id           uuid        not null,
    version      bigint      not null,
    shape        smallint    not null,
    hash         bytea       not null,
    body         jsonb       not null,
    case_id      uuid        not null generated always as ((body ->> 'case')::uuid) stored,
    attempt      integer     not null generated always as ((body ->> 'attempt')::integer) stored,
    district     text        not null generated always as (body ->> 'district') stored,
    area         text        not null generated always as (body ->> 'area') stored,
    -- What a caller of a street or a community may see. An area known less exactly gives a shorter code, which equals neither.
    street       text        not null generated always as (left(body ->> 'area', 9)) stored,
    community    text        not null generated always as (left(body ->> 'area', 12)) stored,
    unit         text        not null generated always as (body ->> 'unit') stored,
    state        text        not null generated always as (body ->> 'state') stored,
    -- When the window ends: what lists are ordered by, for ever.
    lapse_at     timestamptz not null generated always as (instant(body -> 'due_at')) stored,
    -- When the timer must fire: nothing once it has ended.
    due_at       timestamptz generated always as (case when body ->> 'state' = 'pending' then instant(body -> 'due_at') end) stored,
    end_at       timestamptz generated always as (instant(body -> 'end_at')) stored,
    -- The verdict, without its words; null until there is one.
    contacted    boolean     generated always as ((body #>> '{verdict,contacted}')::boolean) stored,
    solved       boolean     generated always as ((body #>> '{verdict,solved}')::boolean) stored,
    satisfaction text        generated always as (body #>> '{verdict,satisfaction}') stored,
    constraint callback_pkey primary key (id),
    constraint callback_version_positive check (version > 0),
    constraint callback_state_known check (state in ('pending', 'passed', 'failed', 'lapsed', 'cancelled'))
) with (fillfactor = 80);

-- A case's callbacks. That one attempt is judged once is a claim's matter.
create index callback_case on callback (case_id, attempt);

-- ListCallbacks, by what narrows it most. The state stands before the instant: a list of all states merges five short ranges,
-- so a page costs the same however many callbacks have ended.
create index callback_district_list on callback (district, state, lapse_at, id);
create index callback_street_list on callback (street, state, lapse_at, id);
create index callback_community_list on callback (community, state, lapse_at, id);
create index callback_unit_list on callback (district, unit, state, lapse_at, id);

-- The timer looks here twice a second: only what is pending is in it.
create index callback_due on callback (due_at) where due_at is not null;

-- GetRates reads nothing but this index: valid callbacks of a district by the instant they were judged.
create index callback_judged on callback (district, end_at) include (unit, area, contacted, solved, satisfaction)
    where satisfaction is not null;
