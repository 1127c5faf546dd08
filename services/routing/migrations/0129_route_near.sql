-- no-transaction
-- The same within a district, which nobody asks for any more.
drop index concurrently if exists route_near;
