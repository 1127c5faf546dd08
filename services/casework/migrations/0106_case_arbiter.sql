-- no-transaction
-- 退单待裁: the cases that a unit is to arbitrate, newest first. Only those that are returned: few at any time.
create index concurrently if not exists case_arbiter on "case" (district, (body -> 'arbiter' ->> 'unit'), id)
    where body -> 'arbiter' ->> 'unit' is not null;
