-- no-transaction
-- 四账: the open cases that are counted as worked on. A part of a case (拆单) is not: its whole is.
create index concurrently if not exists case_working on "case" (district) where state <> 'closed' and body ->> 'whole' is null;
