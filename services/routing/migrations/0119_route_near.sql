-- no-transaction
-- What lies in one community, the newest first: among these a request's twins are looked for.
create index concurrently if not exists route_near on route (district, left(area, 12), submitted_at desc, id desc);
