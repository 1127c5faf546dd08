-- no-transaction
-- What a replaced calendar is carried into.
create index concurrently if not exists callback_pending on callback (district, id) where state = 'pending';
