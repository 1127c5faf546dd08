-- no-transaction
-- What a round is drawn of: the cases of a district by when they were resolved.
create index concurrently if not exists callback_resolved on callback (district, instant(body -> 'resolve_at')) where state <> 'cancelled';
