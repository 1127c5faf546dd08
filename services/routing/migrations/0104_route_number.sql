-- no-transaction
-- A route by the number of its request, as people name it.
create index concurrently if not exists route_number on route ((body ->> 'number'));
