-- no-transaction
-- What the timer asks: reporters who are to be told by then.
create index concurrently if not exists request_duty
    on request ((instant(body -> 'first_contact' -> 'due_at'))) where instant(body -> 'first_contact' -> 'due_at') is not null;
