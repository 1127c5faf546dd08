-- no-transaction
-- The same by their changes. A row that was written before there was such a field changed when it came, as far as it tells.
create index concurrently if not exists request_platform_changed
    on request (district, (body ->> 'platform'), (coalesce(instant(body -> 'changed_at'), submitted_at)), id) where body ->> 'platform' <> '';
