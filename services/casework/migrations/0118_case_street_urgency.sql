-- no-transaction
create index concurrently if not exists case_street_urgency on "case" (street, urgency(body), id) where state <> 'closed';
