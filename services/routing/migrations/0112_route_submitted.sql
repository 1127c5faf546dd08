-- no-transaction
-- A district's requests of a span, to be decided anew by another profile.
create index concurrently if not exists route_submitted on route (district, submitted_at, id);
