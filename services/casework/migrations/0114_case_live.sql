-- no-transaction
create index concurrently if not exists case_live on "case" (district, id) where state <> 'closed';
