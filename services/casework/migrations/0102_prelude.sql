-- What came of a request before its case. The id is the request's.
create table prelude (
    id       uuid    not null,
    version  bigint  not null,
    shape    smallint not null,
    hash     bytea   not null,
    body     jsonb   not null,
    district text    not null generated always as (body ->> 'district') stored,
    -- The case that took it over.
    taken_by uuid             generated always as ((body ->> 'taken_by')::uuid) stored,
    constraint prelude_pkey primary key (id)
);
