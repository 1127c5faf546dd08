-- The log: history, audit trail and outbox in one. Written only by the chassis, in the transaction that writes the rows it tells of.
--
-- No key spans months: an aggregate's id is a UUIDv7, which begins with its time, so the log, the marks and the tables of aggregates can
-- each be partitioned by ranges of that id. What must be unique across months stands in `claim` and `command`.
create sequence log_seq;

create table log (
    id        uuid        not null,                             -- the event's id
    kind      text        not null,                             -- of aggregate, and the name of its table
    aggregate uuid        not null,
    version   bigint      not null,
    district  text        not null,
    unit      text,                                             -- whose own stream it is told on besides
    at        timestamptz not null,                             -- by the service's clock
    shape     smallint    not null,                             -- the number of the form it is written in
    entry     text        not null,                             -- what happened, byte for byte as it was written
    hash      bytea       not null,                             -- sha-256 of the hash before and of all the above
    epoch     bigint      not null,
    xid       xid8        not null default pg_current_xact_id(),
    seq       bigint      not null default nextval('log_seq'),
    constraint log_pkey primary key (aggregate, version),
    constraint log_version_positive check (version > 0),
    constraint log_hash_length check (octet_length(hash) = 32)
);
alter sequence log_seq owned by log.seq;
-- Readers go by transaction, behind the snapshot horizon: a number handed out before another may commit after it.
create index log_position on log (epoch, xid, seq);
-- A unit watches what is told to it.
create index log_unit on log (district, unit, epoch, xid, seq) where unit is not null;
-- A check of the log walks the aggregates of a kind.
create index log_first on log (kind, aggregate) where version = 1;
-- A refill of a stream asks where the last days begin.
create index log_at on log using brin (at);

-- Transaction numbers belong to one cluster: each time the log finds itself on another (restored, promoted, dumped and loaded), a new
-- epoch begins, and leads every position. Its number is the second it began in, so that no two histories share one.
create table epoch (
    number    bigint not null,
    cluster   text   not null,                                  -- system, timeline, database and table, as PostgreSQL numbers them
    raised_at timestamptz,                                      -- null for a log's first: nothing was before it
    constraint epoch_pkey primary key (number)
);

-- What may be there once: who holds it. Across months, and across kinds.
create table claim (
    name      text not null,                                    -- of what is claimed, such as `number`
    key       text not null,
    aggregate uuid not null,
    constraint claim_pkey primary key (name, key)
);

-- Commands that were carried out, by caller and request id, so that a repeated one is known. Kept for thirty days.
create table command (
    request_id uuid        not null,
    issuer     text        not null,
    subject    text        not null,
    method     text        not null,
    digest     bytea       not null,                            -- sha-256 of the message
    aggregate  uuid        not null,                            -- what it changed, and to which version
    version    bigint      not null,
    at         timestamptz not null,
    constraint command_pkey primary key (request_id, issuer, subject)
);
create index command_at on command (at);

-- How far the relay has published. One row.
create table relay (
    only_row boolean not null default true,
    epoch    bigint  not null default 0,
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

-- The marks: the last entry of each followed aggregate that has taken effect here.
create table followed (
    source    text   not null,
    aggregate uuid   not null,
    version   bigint not null,
    id        uuid   not null,                                    -- the entry's: the same version of another history has another
    constraint followed_pkey primary key (source, aggregate),
    constraint followed_version_positive check (version > 0)
) with (fillfactor = 80);

-- How far each source's log has been compared with the marks, and in which of its epochs all marks were.
create table reconciled (
    source  text   not null,
    epoch   bigint not null,
    xid     xid8   not null,
    seq     bigint not null,
    audited bigint not null default 0,
    constraint reconciled_pkey primary key (source)
);

-- Events that could not be applied. One row parks one aggregate: what comes later of it is healed after a retry.
create table dead_letter (
    source    text        not null,
    aggregate uuid        not null,
    version   bigint      not null,
    reason    text        not null,
    error     text        not null,
    event     text        not null,
    attempts  integer     not null,
    first_at  timestamptz not null,
    last_at   timestamptz not null,
    constraint dead_letter_pkey primary key (source, aggregate),
    constraint dead_letter_reason check (reason in ('poison', 'stuck', 'diverged'))
);
create index dead_letter_last_at on dead_letter (last_at desc, source, aggregate);

-- Dead letters that a person settled without their taking effect: what was decided, why, and by whom.
create table settled_letter (
    source    text        not null,
    aggregate uuid        not null,
    version   bigint      not null,
    reason    text        not null,
    error     text        not null,
    verdict   text        not null,
    note      text        not null,
    subject   text        not null,
    at        timestamptz not null,
    constraint settled_letter_verdict check (verdict in ('dismissed', 'adopted', 'disowned'))
);
create index settled_letter_aggregate on settled_letter (source, aggregate);

-- An instant in a body: microseconds since 1970, so that a generated column may use it (a text cast would not be immutable).
-- Not strict: only so does PostgreSQL put its body in its place.
create function instant(micros jsonb) returns timestamptz
    language sql immutable parallel safe
    return case when jsonb_typeof(micros) = 'number' then to_timestamp(micros::float8 / 1000000) end;
