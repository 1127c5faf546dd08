-- no-transaction
create index concurrently if not exists case_district_urgency on "case" (district, urgency(body), id) where state <> 'closed';
