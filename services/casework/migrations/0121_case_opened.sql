-- no-transaction
create index concurrently if not exists case_opened on "case" (district, ((body ->> 'opened_at')::bigint), id);
