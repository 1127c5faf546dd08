-- 苗头: something that a day showed. One row each, never changed; ids ascend with time.
create table sign (
    id       uuid     not null,
    version  bigint   not null,
    shape    smallint not null,
    hash     bytea    not null,
    body     jsonb    not null,
    district text     not null generated always as (body ->> 'district') stored,
    area     text     not null generated always as (body ->> 'area') stored,
    constraint sign_pkey primary key (id)
);
-- Lists of whoever reaches the district, and what was raised lately.
create index sign_district on sign (district, id desc);
-- Lists of whoever reaches a street.
create index sign_area on sign (area, id desc);

-- When a district's figures are looked at next: once a day of its own. One row for each district of which there are figures.
create table sign_watch (
    id       uuid        not null,
    district text        not null,
    look_at  timestamptz not null,
    constraint sign_watch_pkey primary key (id),
    constraint sign_watch_district unique (district)
);
-- The timer's question.
create index sign_watch_look on sign_watch (look_at);

-- Districts whose figures are there already.
insert into sign_watch (id, district, look_at)
select gen_random_uuid(), district, now() from figure where by = 'all' group by district;
