-- no-transaction
-- By the hash of a link's token.
create index concurrently if not exists callback_link on callback ((body #>> '{link,hash}'))
    where body #>> '{link,hash}' is not null;
