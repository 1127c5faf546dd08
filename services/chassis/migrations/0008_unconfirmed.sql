-- What took effect here because a stream told it, and was not yet held against its owner's log (src/follow/confirm.rs). A row for each group
-- commit and source, written with the marks, taken away within seconds: few rows, each of which soon leaves a dead one.
create table unconfirmed (
    source     text     not null,
    number     bigint   not null generated always as identity,
    aggregates uuid[]   not null,
    versions   bigint[] not null,                               -- at the same places
    ids        uuid[]   not null,                               -- of the entries
    constraint unconfirmed_pkey primary key (source, number)
-- A group's row fits on its page: it is not worth compressing, or putting elsewhere.
) with (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
