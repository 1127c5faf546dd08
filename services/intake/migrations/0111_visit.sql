-- 走访. One row each.
create table visit (
    id         uuid        not null,
    version    bigint      not null,
    shape      smallint    not null,
    hash       bytea       not null,
    body       jsonb       not null,
    district   text        not null generated always as (body ->> 'district') stored,
    area       text        not null generated always as (body ->> 'area') stored,
    kind       text        not null generated always as (body ->> 'kind') stored,
    unit       text        not null generated always as (body ->> 'unit') stored,
    night      boolean     not null generated always as ((body -> 'night')::boolean) stored,
    requests   int         not null generated always as ((body -> 'requests')::int) stored,
    risks      int         not null generated always as ((body -> 'risks')::int) stored,
    visited_at timestamptz not null generated always as (instant(body -> 'visited_at')) stored,
    constraint visit_pkey primary key (id)
);

-- Lists and counts go newest first, by district, street, community and unit.
create index visit_newest on visit (district, visited_at desc, id desc);
create index visit_street on visit (left(area, 9), visited_at desc, id desc);
create index visit_community on visit (left(area, 12), visited_at desc, id desc);
create index visit_unit on visit (district, unit, visited_at desc, id desc);
