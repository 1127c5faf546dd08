-- no-transaction
-- Requests that somebody should look at, newest first.
create index concurrently if not exists request_flagged on request (district, submitted_at desc, id desc) where body ? 'flags';
