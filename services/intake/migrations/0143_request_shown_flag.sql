-- no-transaction
-- Requests that somebody should look at, newest first, but for those with nothing but flags that not everybody who sees them is shown: by a
-- token that names one, the others would learn of it.
create index concurrently if not exists request_shown_flag
    on request (district, submitted_at desc, id desc) where not (body -> 'flags' <@ '["no_callback", "visit_first"]'::jsonb);
