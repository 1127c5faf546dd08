-- no-transaction
-- What a unit holds, likewise.
create index concurrently if not exists request_held
    on request (district, (body -> 'holders' ->> (body ->> 'case')), submitted_at desc, id desc) where body -> 'holders' ->> (body ->> 'case') is not null;
