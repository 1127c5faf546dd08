-- no-transaction
-- Of a grid, likewise.
create index concurrently if not exists archive_due_grid on archive (area, (instant(body -> 'due_at')), id) where instant(body -> 'due_at') is not null;
