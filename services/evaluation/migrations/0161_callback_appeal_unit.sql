-- no-transaction
-- Appeals of a unit, by where they stand.
create index concurrently if not exists callback_appeal_unit on callback (district, unit, (body #>> '{appeal,state}'), id)
    where body #>> '{appeal,state}' is not null;
