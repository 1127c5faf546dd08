-- no-transaction
-- 核查: the cases that a unit is to look at, newest first. Only those that are resolved and not looked at: few at any time.
create index concurrently if not exists case_verifier on "case" (district, (body -> 'verifier' ->> 'unit'), id)
    where body -> 'verifier' ->> 'unit' is not null;
