-- no-transaction
create index concurrently if not exists case_street_outcome on "case" (street, (body ->> 'outcome'), id)
    where body ->> 'outcome' is not null;
