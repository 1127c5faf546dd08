-- no-transaction
-- The desk's queue in its order. Only what waits is in it, so it stays small whatever the table's size.
create index concurrently if not exists route_order on route (district, desk_order(body), id) where state = 'queued';
