-- 座谈: forums that were held. One row each.
create table forum (
    id        uuid        not null,
    version   bigint      not null,
    shape     smallint    not null,
    hash      bytea       not null,
    body      jsonb       not null,
    district  text        not null generated always as (body ->> 'district') stored,
    -- The street and the community of its area, as far as that is known: by each it is listed.
    street    text        not null generated always as (left(body ->> 'area', 9)) stored,
    community text        not null generated always as (left(body ->> 'area', 12)) stored,
    held_at   timestamptz not null generated always as (instant(body -> 'held_at')) stored,
    constraint forum_pkey primary key (id)
);

create index forum_district on forum (district, held_at desc, id desc);
create index forum_street on forum (street, held_at desc, id desc);
create index forum_community on forum (community, held_at desc, id desc);
