-- Requests as received, and how they go. One row each; the log holds every change.
create table request (
    id           uuid        not null,
    version      bigint      not null,
    body         jsonb       not null,
    number       text        not null generated always as (body ->> 'number') stored,
    district     text        not null generated always as (body ->> 'district') stored,
    channel      text        not null generated always as (body ->> 'channel') stored,
    external_id  text                 generated always as (nullif(body ->> 'external_id', '')) stored,
    request_id   uuid        not null generated always as ((body ->> 'request_id')::uuid) stored,
    state        text        not null generated always as (body ->> 'state') stored,
    -- The unit that still owes the reporter an answer.
    owing_unit   text                 generated always as (case when body -> 'first_contact' ->> 'discharged_at' is null and body ->> 'state' <> 'withdrawn' then body -> 'first_contact' ->> 'unit' end) stored,
    submitted_at timestamptz not null generated always as (instant(body -> 'submitted_at')) stored,
    constraint request_pkey primary key (id),
    constraint request_number unique (number),
    -- The same call by the same door, and the same command, are taken once.
    constraint request_external_id unique (district, channel, external_id),
    constraint request_request_id unique (request_id)
) with (fillfactor = 80);

-- Lists go newest first within a district.
create index request_newest on request (district, submitted_at desc, id desc);
create index request_state on request (district, state, submitted_at desc, id desc);
create index request_owing on request (district, owing_unit, submitted_at desc, id desc) where owing_unit is not null;
