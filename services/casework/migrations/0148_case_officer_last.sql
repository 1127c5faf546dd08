-- no-transaction
-- When one was last given to each of a unit's officers.
create index concurrently if not exists case_officer_last on "case" (district, holder, (body -> 'officer' ->> 'subject'), ((body ->> 'appointed_at')::bigint)) where body ->> 'appointed_at' is not null;
