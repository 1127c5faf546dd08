-- no-transaction
-- What the timer asks: the cases that lie idle by then.
create index concurrently if not exists case_idle_at on "case" ((instant(body -> 'idle_at')))
    where instant(body -> 'idle_at') is not null;
