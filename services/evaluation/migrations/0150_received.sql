-- 来件: what is known of each request, as intake's events told it, and what it adds to the figures. A row each. Written by whoever counts.
create table received (
    id       uuid  not null,
    body     jsonb not null,
    -- What it has added: a list of postings.
    counted  jsonb not null,
    district text  not null generated always as (body ->> 'district') stored,
    constraint received_pkey primary key (id)
);
-- What a recount walks over.
create index received_district on received (district, id);

-- The door of the request that a callback asks about, as far as it was known when the callback was counted.
alter table callback add column channel text;
