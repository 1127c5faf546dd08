-- 基层评部门: what a unit said of another that it worked with on a case. One row each, never changed; ids ascend with time. That a unit rates
-- another once is a claim's matter.
create table rating (
    id        uuid     not null,
    version   bigint   not null,
    shape     smallint not null,
    hash      bytea    not null,
    body      jsonb    not null,
    -- What it has added to the figures, and in which version: one at another version is counted next.
    counted   jsonb    not null default '[]',
    counted_version bigint not null default 0,
    district  text     not null generated always as (body ->> 'district') stored,
    area      text     not null generated always as (body ->> 'area') stored,
    -- What a caller of a street or a community may see. An area known less exactly gives a shorter code, which equals neither.
    street    text     not null generated always as (left(body ->> 'area', 9)) stored,
    community text     not null generated always as (left(body ->> 'area', 12)) stored,
    -- Who is rated, and who rates.
    unit      text     not null generated always as (body ->> 'unit') stored,
    rater     text     not null generated always as (body ->> 'rater') stored,
    rated_at  timestamptz not null generated always as (instant(body -> 'rated_at')) stored,
    constraint rating_pkey primary key (id)
);
-- ListRatings, by what narrows it; the first is what a recount walks over, too.
create index rating_district on rating (district, id);
create index rating_street on rating (street, id);
create index rating_community on rating (community, id);
create index rating_unit on rating (district, unit, id);
create index rating_rater on rating (district, rater, id);
-- The timer's question: what is not counted.
create index rating_uncounted on rating ((case when version <> counted_version then rated_at end))
    where (case when version <> counted_version then rated_at end) is not null;
