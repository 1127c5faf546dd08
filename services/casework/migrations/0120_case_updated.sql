-- no-transaction
create index concurrently if not exists case_updated on "case" (district, updated(body), id);
