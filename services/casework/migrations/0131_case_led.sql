-- no-transaction
-- 领办: the cases in a leader's charge, whoever's, newest first. Few at any time.
create index concurrently if not exists case_led on "case" (district, id) where body -> 'charge' is not null;
