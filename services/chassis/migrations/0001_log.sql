-- The log: history, audit trail and outbox in one. Written only by the chassis, in the transaction that writes the rows it tells of.
create table log (
    id          uuid        not null,                             -- the event's id
    kind        text        not null,                             -- of aggregate, and the name of its table
    aggregate   uuid        not null,
    version     bigint      not null,
    district    text        not null,
    at          timestamptz not null,                             -- by the service's clock
    actor       jsonb       not null,                             -- who: subject, unit
    request_id  uuid,                                             -- the command's idempotency key, on its first entry
    traceparent text,                                             -- the command's trace
    change      jsonb       not null,                             -- what happened: replaying it gives the row
    about       jsonb       not null,                             -- the aggregate's face after it
    xid         xid8        not null default pg_current_xact_id(),
    seq         bigint      not null generated always as identity,
    constraint log_pkey primary key (aggregate, version),
    constraint log_version_positive check (version > 0)
);
-- Readers go by transaction, behind the snapshot horizon: a number handed out before another may commit after it.
create unique index log_position on log (xid, seq);
-- A refill of a stream asks where the last days begin.
create index log_at on log using brin (at);
create unique index log_request_id on log (request_id) where request_id is not null;

-- How far the relay has published. One row.
create table relay (
    only_row boolean not null default true,
    xid      xid8    not null default '0',
    seq      bigint  not null default 0,
    constraint relay_pkey primary key (only_row),
    constraint relay_only_row check (only_row)
);
insert into relay default values;

-- The streams published to. A stream made anew (its disk was lost) is refilled from the log.
create table relay_stream (
    name       text        not null,
    created_at timestamptz not null,                              -- by NATS
    constraint relay_stream_pkey primary key (name)
);

-- The marks: the last version of each followed aggregate that has taken effect here.
create table followed (
    source    text   not null,
    aggregate uuid   not null,
    version   bigint not null,
    constraint followed_pkey primary key (source, aggregate),
    constraint followed_version_positive check (version > 0)
) with (fillfactor = 80);

-- How far each source's log has been compared with the marks.
create table reconciled (
    source text   not null,
    xid    xid8   not null,
    seq    bigint not null,
    constraint reconciled_pkey primary key (source)
);

-- Events that could not be applied. One row parks one aggregate: what comes later of it is healed after a retry.
create table dead_letter (
    source    text        not null,
    aggregate uuid        not null,
    version   bigint      not null,
    error     text        not null,
    event     text        not null,
    attempts  integer     not null,
    first_at  timestamptz not null,
    last_at   timestamptz not null,
    constraint dead_letter_pkey primary key (source, aggregate)
);
create index dead_letter_last_at on dead_letter (last_at desc, source, aggregate);

-- An instant in a body: microseconds since 1970, so that a generated column may use it (a text cast would not be immutable).
-- Not strict: only so does PostgreSQL put its body in its place.
create function instant(micros jsonb) returns timestamptz
    language sql immutable parallel safe
    return case when jsonb_typeof(micros) = 'number' then to_timestamp(micros::float8 / 1000000) end;
