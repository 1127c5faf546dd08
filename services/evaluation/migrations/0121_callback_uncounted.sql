-- no-transaction
-- The timer's question: what has ended and is not counted as it is.
create index concurrently if not exists callback_uncounted on callback ((case when version <> counted_version then end_at end))
    where (case when version <> counted_version then end_at end) is not null;
