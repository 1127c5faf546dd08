-- no-transaction
-- The queue by age, which nobody asks for any more.
drop index concurrently if exists route_triage;
