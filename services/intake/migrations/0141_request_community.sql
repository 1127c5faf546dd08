-- no-transaction
-- Of a community, likewise.
create index concurrently if not exists request_community
    on request (district, (left(coalesce(nullif(body -> 'location' ->> 'area', ''), district), 12)), submitted_at desc, id desc);
