-- no-transaction
-- A unit watches what leaves it.
create index concurrently if not exists log_left on log (district, left_unit, epoch, xid, seq) where left_unit is not null;
