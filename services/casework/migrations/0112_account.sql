-- 四账: entered = working + settled, of each district. A row each. Counted by the timers' leader, and by nobody else.
create table account (
    district       text   not null,
    -- By the log, up to the place in `counted`: cases that were opened, and those that were closed and not opened again.
    entered_before bigint not null default 0,
    settled_before bigint not null default 0,
    -- As told, all of one instant: entered and settled by the log, working by the rows.
    entered        bigint not null default 0,
    working        bigint not null default 0,
    settled        bigint not null default 0,
    -- Cases with a row and no log, or a log and no row: those that the last walk over all of them found, and those of the walk under way.
    astray         bigint not null default 0,
    astray_so_far  bigint not null default 0,
    unbalanced     bigint not null generated always as (greatest(abs(entered - working - settled), astray, astray_so_far)) stored,
    constraint account_pkey primary key (district)
);

-- How far has been counted. One row.
create table counted (
    id     uuid        not null,
    -- When the leader counts again.
    due_at timestamptz not null,
    -- The log up to here.
    epoch  bigint      not null,
    xid    xid8        not null,
    seq    bigint      not null,
    -- The walk over all cases, by id, up to here.
    walked uuid        not null,
    constraint counted_pkey primary key (id)
);
-- The timer's question.
create index counted_due_at on counted (due_at);

insert into counted values ('00000000-0000-0000-0000-000000000001', to_timestamp(0), 0, '0', 0, '00000000-0000-0000-0000-000000000000');
