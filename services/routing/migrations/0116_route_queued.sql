-- no-transaction
-- What a replaced profile is carried into.
create index concurrently if not exists route_queued on route (district, id) where state = 'queued';
