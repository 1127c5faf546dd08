-- no-transaction
-- The requests that are the third or a later call about their matter, by when they were received: what a day repeats.
create index concurrently if not exists received_repeat on received (district, ((body ->> 'received_at')::bigint))
    where (body -> 'repeat' ->> 'before')::int >= 2;
