-- Who read names and phones in full. One row for each answer that told any; nothing of what was told.
create table read_record (
    id        uuid        not null,
    at        timestamptz not null,
    -- It is forgotten then.
    forget_at timestamptz not null,
    district  text        not null,
    kind      text        not null,
    whose     uuid        not null,
    issuer    text        not null,
    subject   text        not null,
    roles     text[]      not null,
    unit      text,
    rpc       text        not null,
    name      boolean     not null,
    phone     boolean     not null,
    other     boolean     not null,
    constraint read_record_pkey primary key (id)
);

-- The newest first: of a district, of one thing in it, and by one reader.
create index read_record_district on read_record (district, at, id);
create index read_record_whose on read_record (district, whose, at, id);
create index read_record_subject on read_record (district, subject, at, id);
create index read_record_forget_at on read_record (forget_at);
