-- no-transaction
-- Of a street, the newest first: a page's token names the last row that was read, so nothing beside it may be read.
create index concurrently if not exists request_street
    on request (district, (left(coalesce(nullif(body -> 'location' ->> 'area', ''), district), 9)), submitted_at desc, id desc);
