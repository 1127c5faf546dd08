-- no-transaction
-- 督办件: the cases that had a notice or a talk, newest first. Few at any time.
create index concurrently if not exists case_supervised on "case" (district, id)
    where instant(body -> 'supervised_at') is not null;
