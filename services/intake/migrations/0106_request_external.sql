-- no-transaction
-- By the door's own number.
create index concurrently if not exists request_external on request (district, (body ->> 'external_id'), submitted_at desc, id desc) where body ->> 'external_id' <> '';
