-- no-transaction
-- What a unit took, the newest first: whoever is of it sees that wherever it lies.
create index concurrently if not exists request_took
    on request (district, (body -> 'first_contact' ->> 'unit'), submitted_at desc, id desc) where body -> 'first_contact' ->> 'unit' is not null;
