-- 便民服务卡、善治码. One row each.
create table card (
    id       uuid     not null,
    version  bigint   not null,
    shape    smallint not null,
    hash     bytea    not null,
    body     jsonb    not null,
    district text     not null generated always as (body ->> 'district') stored,
    area     text     not null generated always as (body ->> 'area') stored,
    state    text     not null generated always as (body ->> 'state') stored,
    code     text     not null generated always as (body ->> 'code') stored,
    batch    uuid     not null generated always as ((body ->> 'batch')::uuid) stored,
    constraint card_pkey primary key (id)
);

-- What was scanned. Codes are random: that no two are alike needs no constraint.
create index card_code on card (code, id);
-- Listed by area, by state and area, and by batch. Areas are compared by their digits.
create index card_area on card (district, area collate "C", id);
create index card_state on card (district, state, area collate "C", id);
create index card_batch on card (batch, area collate "C", id);
