-- no-transaction
-- Of a grid, likewise.
create index concurrently if not exists forum_grid on forum ((body ->> 'area'), held_at desc, id desc);
