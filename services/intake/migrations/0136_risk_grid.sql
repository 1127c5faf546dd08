-- no-transaction
-- Of a grid, likewise.
create index concurrently if not exists risk_grid on risk (area, state, opened_at desc, id desc);
