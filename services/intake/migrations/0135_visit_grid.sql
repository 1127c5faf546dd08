-- no-transaction
-- Of a grid: by its community a page's token would name a visit that lies beside it.
create index concurrently if not exists visit_grid on visit (area, visited_at desc, id desc);
