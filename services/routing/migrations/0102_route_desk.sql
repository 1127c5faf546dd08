-- no-transaction
-- The desk's queue in its order. Only what waits is in it, so it stays small whatever the table's size.
create index concurrently if not exists route_desk on route (district, triage_order(body), id) where state = 'queued';
