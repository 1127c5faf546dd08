-- no-transaction
-- Of a grid, likewise.
create index concurrently if not exists offer_grid on offer ((body ->> 'area'), id desc);
