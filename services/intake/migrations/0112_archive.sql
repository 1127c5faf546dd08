-- 需求档案. One row each.
create table archive (
    id         uuid        not null,
    version    bigint      not null,
    shape      smallint    not null,
    hash       bytea       not null,
    body       jsonb       not null,
    district   text        not null generated always as (body ->> 'district') stored,
    area       text        not null generated always as (body ->> 'area') stored,
    kind       text        not null generated always as (body ->> 'kind') stored,
    -- When it was visited last.
    visited_at timestamptz          generated always as (instant(body -> 'visited_at')) stored,
    constraint archive_pkey primary key (id)
);

-- Walked through and counted by area; an area's code begins with its district's.
create index archive_area on archive (area, id) include (kind, visited_at);
