-- 服务一本通、知识库. One row each.
create table guide (
    id       uuid     not null,
    version  bigint   not null,
    shape    smallint not null,
    hash     bytea    not null,
    body     jsonb    not null,
    district text     not null generated always as (body ->> 'district') stored,
    code     text     not null generated always as (body ->> 'code') stored,
    kind     text     not null generated always as (body ->> 'kind') stored,
    unit     text     not null generated always as (body ->> 'unit') stored,
    -- The words by which it is found, and its district beside them, so that one index serves both; nothing finds one that was withdrawn.
    words    tsvector          generated always as (case when body ->> 'state' = 'published' then ((body ->> 'words') || ' ''@' || (body ->> 'district') || '''')::tsvector end) stored,
    constraint guide_pkey primary key (id)
);

-- Found by words, by code, and by unit and code.
create index guide_words on guide using gin (words);
create index guide_code on guide (district, code) where words is not null;
create index guide_unit on guide (district, unit, code) where words is not null;
