-- 问政: what delegates ask units in public. One row each; ids ascend with time. Its cases, 20 at most, and its answers, 3 at most, are in the body.
create table inquiry (
    id        uuid     not null,
    version   bigint   not null,
    shape     smallint not null,
    hash      bytea    not null,
    body      jsonb    not null,
    district  text     not null generated always as (body ->> 'district') stored,
    area      text     not null generated always as (body ->> 'area') stored,
    -- Lists of whoever reaches a street or a community.
    street    text     not null generated always as (left(body ->> 'area', 9)) stored,
    community text     not null generated always as (left(body ->> 'area', 12)) stored,
    unit      text     not null generated always as (body ->> 'unit') stored,
    state     text     not null generated always as (body ->> 'state') stored,
    -- Whether anyone may read it.
    answered  boolean  not null generated always as (body -> 'answers' is not null) stored,
    -- When the timer must tell that it is overdue; null while nothing is owed, and once that was told.
    due_at    timestamptz generated always as (case when body -> 'overdue' is null then instant(body -> 'due_at') end) stored,
    constraint inquiry_pkey primary key (id),
    constraint inquiry_state check (state in ('open', 'claimed', 'answered', 'solved', 'unsolved', 'withdrawn'))
) with (fillfactor = 80);

-- ListInquiries: the state stands before the id, so that a list of some states merges as many short ranges.
create index inquiry_district on inquiry (district, state, id desc);
create index inquiry_street on inquiry (street, state, id desc);
create index inquiry_community on inquiry (community, state, id desc);
create index inquiry_unit on inquiry (district, unit, state, id desc);
-- The public board.
create index inquiry_answered on inquiry (district, id desc) where answered;
-- The timer's question.
create index inquiry_due on inquiry (due_at) where due_at is not null;

-- 督评: what a delegate found at a case. One row each, never changed; ids ascend with time.
create table inspection (
    id        uuid     not null,
    version   bigint   not null,
    shape     smallint not null,
    hash      bytea    not null,
    body      jsonb    not null,
    district  text     not null generated always as (body ->> 'district') stored,
    area      text     not null generated always as (body ->> 'area') stored,
    street    text     not null generated always as (left(body ->> 'area', 9)) stored,
    community text     not null generated always as (left(body ->> 'area', 12)) stored,
    case_id   uuid     not null generated always as ((body ->> 'case')::uuid) stored,
    constraint inspection_pkey primary key (id)
);
create index inspection_district on inspection (district, id desc);
create index inspection_street on inspection (street, id desc);
create index inspection_community on inspection (community, id desc);
create index inspection_case on inspection (case_id, id desc);
