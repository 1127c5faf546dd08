-- A file whose bytes are being put into the store of objects, or were and never came onto a case. It goes when its case has it; what is
-- left after a day is looked up on its case, and its bytes are deleted where the case does not have it.
create table upload (
    -- The attachment's id.
    id      uuid        not null,
    case_id uuid        not null,
    -- The name of its bytes in the store of objects.
    object  text        not null,
    at      timestamptz not null,
    constraint upload_pkey primary key (id)
);
create index upload_at on upload (at);
