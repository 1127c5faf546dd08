-- no-transaction
create index concurrently if not exists slow_name on slow (name);
