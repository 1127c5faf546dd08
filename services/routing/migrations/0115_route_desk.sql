-- no-transaction
-- The queue in the order before, which nobody asks for any more.
drop index concurrently if exists route_desk;
