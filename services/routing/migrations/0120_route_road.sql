-- no-transaction
-- Where requests on a road turned out to lie, the newest first. Only what is certain has a road.
create index concurrently if not exists route_road
    on route (district, (body -> 'decision' -> 'house' ->> 'road'), submitted_at desc, id desc)
    where body -> 'decision' -> 'house' ->> 'road' is not null;
