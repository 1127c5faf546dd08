-- no-transaction
-- The same by when they had the first: what a year is counted by.
create index concurrently if not exists case_supervised_at on "case" (district, instant(body -> 'supervised_at'))
    where instant(body -> 'supervised_at') is not null;
