-- no-transaction
-- How cases closed, newest first: what was declined is told apart from what was worked, of a district (here) and of a street.
create index concurrently if not exists case_district_outcome on "case" (district, (body ->> 'outcome'), id)
    where body ->> 'outcome' is not null;
