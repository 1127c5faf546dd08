-- no-transaction
-- Appeals of a district, by where they stand.
create index concurrently if not exists callback_appeal on callback (district, (body #>> '{appeal,state}'), id)
    where body #>> '{appeal,state}' is not null;
