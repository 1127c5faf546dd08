-- The follower's aggregate: what it heard of one tally.
create table echo (
    id      uuid   not null,
    version bigint not null,
    shape   smallint not null,
    hash    bytea  not null,
    body    jsonb  not null,
    constraint echo_pkey primary key (id)
);
