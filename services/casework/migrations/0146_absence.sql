-- 请假: officers who are away. One row each.
create table absence (
    id       uuid     not null,
    version  bigint   not null,
    shape    smallint not null,
    hash     bytea    not null,
    body     jsonb    not null,
    district text     not null generated always as (body ->> 'district') stored,
    unit     text     not null generated always as (body ->> 'unit') stored,
    subject  text     not null generated always as (body ->> 'subject') stored,
    state    text     not null generated always as (body ->> 'state') stored,
    -- Microseconds.
    from_at  bigint   not null generated always as ((body ->> 'from_at')::bigint) stored,
    until_at bigint   not null generated always as ((body ->> 'until_at')::bigint) stored,
    constraint absence_pkey primary key (id),
    constraint absence_state check (state in ('recorded', 'ended'))
);

-- Lists go newest first, by id.
create index absence_unit on absence (district, unit, id);
create index absence_subject on absence (district, unit, subject, id);
-- Whether somebody is away.
create index absence_until on absence (district, unit, subject, until_at) where state = 'recorded';
