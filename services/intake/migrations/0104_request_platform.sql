-- no-transaction
-- What a platform sent, the newest first.
create index concurrently if not exists request_platform on request (district, (body ->> 'platform'), submitted_at desc, id desc) where body ->> 'platform' <> '';
