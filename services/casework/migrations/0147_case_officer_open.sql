-- no-transaction
-- How many cases each of a unit's officers has in hand.
create index concurrently if not exists case_officer_open on "case" (district, holder, (body -> 'officer' ->> 'subject')) where state in ('assigned', 'working', 'waiting', 'suspended') and body -> 'officer' ->> 'subject' is not null;
