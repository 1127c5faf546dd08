-- no-transaction
-- Of one request, an attempt after the other.
create index concurrently if not exists callback_request on callback ((body ->> 'request'))
    where body ->> 'request' is not null;
