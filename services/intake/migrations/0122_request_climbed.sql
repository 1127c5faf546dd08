-- no-transaction
-- Missed duties by the unit that heard of them, newest first.
create index concurrently if not exists request_climbed
    on request (district, (body -> 'first_contact' ->> 'climbed_to'), submitted_at desc, id desc) where body -> 'first_contact' ->> 'climbed_to' is not null;
