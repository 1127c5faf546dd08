-- Districts whose profile was replaced and has to be carried into what is under way. A row each; it stays when that is done.
create table sweep (
    id       uuid        not null,
    district text        not null,
    -- When the leader goes on; null when all is done.
    due_at   timestamptz,
    -- Which of the service's kinds it is at, and the last row of it that was looked at.
    part     smallint    not null default 0,
    after    uuid        not null default '00000000-0000-0000-0000-000000000000',
    -- A row could not be changed: once more, from the beginning.
    missed   boolean     not null default false,
    constraint sweep_pkey primary key (id),
    constraint sweep_district unique (district)
);

-- The timer's question.
create index sweep_due_at on sweep (due_at) where due_at is not null;
