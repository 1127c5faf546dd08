-- What was heard of cases and is not counted yet: written with the mark of its event, taken away when it is counted.
create table heard (
    -- The event's.
    id        uuid        not null,
    -- In which order: a case's events come in theirs, whatever the clock does meanwhile.
    seq       bigint      not null generated always as identity,
    aggregate uuid        not null,
    version   bigint      not null,
    -- When it was heard.
    at        timestamptz not null,
    body      jsonb       not null,
    constraint heard_pkey primary key (id)
);
create index heard_seq on heard (seq);
-- The timer's question.
create index heard_at on heard (at);

-- 办理过程: what is known of each case, as casework's events told it, and what it adds to the figures. A row each. Written by whoever counts.
create table course (
    id       uuid  not null,
    body     jsonb not null,
    -- What it has added: a list of postings.
    counted  jsonb not null,
    district text  not null generated always as (body ->> 'district') stored,
    constraint course_pkey primary key (id)
);
-- What a recount walks over.
create index course_district on course (district, id);

-- 指标: the sums of what cases and callbacks add. By day and by month, for the district, each street and each community.
create table figure (
    district text   not null,
    -- What it is told by: all, unit, category or tier; and which of them.
    by       text   not null,
    -- The area that it is of.
    scope    text   collate "C" not null,
    span     text   not null,
    -- The first day.
    day      date   not null,
    key      text   not null,
    -- One number for each measure, in the order of the build's list; those at the end may be lacking.
    counts   bigint[] not null,
    constraint figure_pkey primary key (district, by, scope, span, day, key)
) with (fillfactor = 70);

-- What a callback has added to the figures, and in which version: one that has ended and is at another version is counted next.
alter table callback add column counted jsonb not null default '[]', add column counted_version bigint not null default 0;
