-- no-transaction
-- Of a grid, likewise.
create index concurrently if not exists request_grid
    on request (district, (left(coalesce(nullif(body -> 'location' ->> 'area', ''), district), 15)), submitted_at desc, id desc);
