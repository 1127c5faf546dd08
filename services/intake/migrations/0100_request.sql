-- Requests as received, and how they go. One row each; the log holds every change.
create table request (
    id           uuid        not null,
    version      bigint      not null,
    shape        smallint    not null,
    hash         bytea       not null,
    body         jsonb       not null,
    number       text        not null generated always as (body ->> 'number') stored,
    district     text        not null generated always as (body ->> 'district') stored,
    channel      text        not null generated always as (body ->> 'channel') stored,
    state        text        not null generated always as (body ->> 'state') stored,
    -- The unit that still owes the reporter an answer.
    owing_unit   text                 generated always as (case when body -> 'first_contact' ->> 'discharged_at' is null and body ->> 'state' <> 'withdrawn' then body -> 'first_contact' ->> 'unit' end) stored,
    submitted_at timestamptz not null generated always as (instant(body -> 'submitted_at')) stored,
    constraint request_pkey primary key (id)
) with (fillfactor = 80);

create index request_number on request (number);
-- Lists go newest first within a district.
create index request_newest on request (district, submitted_at desc, id desc);
create index request_state on request (district, state, submitted_at desc, id desc);
create index request_owing on request (district, owing_unit, submitted_at desc, id desc) where owing_unit is not null;
