-- no-transaction
-- What lies in one community, or is known no more exactly than by a street or the district, the newest first: among these twins are looked for.
create index concurrently if not exists route_place on route (left(area, 12), submitted_at desc, id desc);
