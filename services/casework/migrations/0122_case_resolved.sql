-- no-transaction
create index concurrently if not exists case_resolved on "case" (district, ((body ->> 'resolved_at')::bigint), id)
    where body ->> 'resolved_at' is not null;
