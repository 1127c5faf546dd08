-- 共性问题: many cases of one cause. One row each; ids ascend with time. Its cases, 1,000 at most, and its measures are in the body.
create table topic (
    id       uuid     not null,
    version  bigint   not null,
    shape    smallint not null,
    hash     bytea    not null,
    body     jsonb    not null,
    district text     not null generated always as (body ->> 'district') stored,
    -- The district, or a street in it.
    area     text     not null generated always as (body ->> 'area') stored,
    owner    text     not null generated always as (body ->> 'owner') stored,
    state    text     not null generated always as (body ->> 'state') stored,
    -- When the timer must judge it; null while no test runs.
    due_at   timestamptz generated always as (instant(body #> '{test,due_at}')) stored,
    constraint topic_pkey primary key (id),
    constraint topic_state check (state in ('open', 'testing', 'dried_up', 'withdrawn'))
) with (fillfactor = 80);

-- ListTopics: the state stands before the id, so that a list of some states merges as many short ranges.
create index topic_district on topic (district, state, id desc);
create index topic_area on topic (district, area, state, id desc);
create index topic_owner on topic (district, owner, state, id desc);
-- The timer's question.
create index topic_due on topic (due_at) where due_at is not null;
