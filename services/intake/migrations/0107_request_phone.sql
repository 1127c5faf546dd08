-- no-transaction
-- What one phone said, the newest first: repeats are linked and counted.
create index concurrently if not exists request_phone on request (district, (body -> 'reporter' ->> 'phone'), submitted_at desc, id desc) where body -> 'reporter' ->> 'phone' <> '';
