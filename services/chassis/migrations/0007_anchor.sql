-- Anchors: what the log held, signed (src/anchor). From here they go outside; a row is never changed.
create table anchor (
    number  bigint      not null,
    made_at timestamptz not null default clock_timestamp(),
    line    text        not null,                               -- as it is signed and written into files, byte for byte
    constraint anchor_pkey primary key (number)
);
