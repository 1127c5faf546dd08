-- no-transaction
-- What a recount walks over.
create index concurrently if not exists callback_district on callback (district, id);
