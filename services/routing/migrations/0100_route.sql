-- A request's way in: decided by rules, or queued for a person. Its id is the request's.
create table route (
    id           uuid        not null,
    version      bigint      not null,
    shape        smallint    not null,
    hash         bytea       not null,
    body         jsonb       not null,
    district     text        not null generated always as (body ->> 'district') stored,
    state        text        not null generated always as (body ->> 'state') stored,
    -- Where it lies, as exactly as is known so far: what a caller's reach is compared with.
    area         text        not null generated always as (coalesce(body -> 'decision' ->> 'area', body -> 'partial' ->> 'area', body ->> 'district')) stored,
    submitted_at timestamptz not null generated always as (instant(body -> 'submitted_at')) stored,
    constraint route_pkey primary key (id)
);

-- The triage queue, oldest first. Only what waits is in it, so it stays small whatever the table's size.
create index route_triage on route (district, submitted_at, id) where state = 'queued';
