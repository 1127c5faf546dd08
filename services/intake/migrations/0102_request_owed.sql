-- no-transaction
-- Answers that are owed: what a profile that names successors is carried into.
create index concurrently if not exists request_owed on request (district, id) where owing_unit is not null;
