-- no-transaction
create index concurrently if not exists case_leader on "case" (district, (body -> 'charge' ->> 'leader'), id)
    where body -> 'charge' ->> 'leader' is not null;
