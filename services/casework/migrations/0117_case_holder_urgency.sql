-- no-transaction
create index concurrently if not exists case_holder_urgency on "case" (district, holder, urgency(body), id) where state <> 'closed';
