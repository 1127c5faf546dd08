-- no-transaction
-- What the timer asks: the queued routes whose clock has something to tell by then.
create index concurrently if not exists route_due on route ((instant(body -> 'due_at')))
    where instant(body -> 'due_at') is not null;
