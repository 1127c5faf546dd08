-- 四个双向: what communities and resident units offer and need of each other. One row each; ids ascend with time.
create table offer (
    id        uuid     not null,
    version   bigint   not null,
    shape     smallint not null,
    hash      bytea    not null,
    body      jsonb    not null,
    district  text     not null generated always as (body ->> 'district') stored,
    street    text     not null generated always as (left(body ->> 'area', 9)) stored,
    community text     not null generated always as (left(body ->> 'area', 12)) stored,
    constraint offer_pkey primary key (id)
);

create index offer_district on offer (district, id desc);
create index offer_street on offer (street, id desc);
create index offer_community on offer (community, id desc);
