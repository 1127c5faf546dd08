-- Data keys of what is sealed, each wrapped by a key that is not in the database. A row is written with the entry whose change it seals,
-- and deleted when its aggregate is forgotten; nothing else has it, least of all the log.
create table data_key (
    aggregate uuid  not null,
    id        uuid  not null,                                   -- as what is sealed names it
    kek       text  not null,                                   -- the name of the key that wraps it
    wrapped   bytea not null,
    found_by  bytea,                                            -- a keyed hash of the phone that it seals
    constraint data_key_pkey primary key (aggregate, id)
);

-- Whether this phone has called before, the newest call first; ids ascend with time.
create index data_key_found_by on data_key (found_by, aggregate desc) where found_by is not null;
-- Which keys are used, and what an old one still wraps.
create index data_key_kek on data_key (kek);
