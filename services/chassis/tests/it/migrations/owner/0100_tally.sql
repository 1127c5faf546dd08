-- The owner's aggregate: a sum that never falls below zero, under a name that nobody else has.
create table tally (
    id      uuid        not null,
    version bigint      not null,
    shape   smallint    not null,
    hash    bytea       not null,
    body    jsonb       not null,
    name    text        not null generated always as (body ->> 'name') stored,
    total   bigint      not null generated always as ((body ->> 'total')::bigint) stored,
    due_at  timestamptz          generated always as (instant(body -> 'due_at')) stored,
    constraint tally_pkey primary key (id),
    constraint tally_total check (total >= 0)
);
create index tally_due_at on tally (due_at) where due_at is not null;
