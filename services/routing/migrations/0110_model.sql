-- Each district's learned model, as its operator applied it: a row like a profile's, the model's file in Base64 within the body.
create table model (
    id       uuid     not null,
    version  bigint   not null,
    shape    smallint not null,
    hash     bytea    not null,
    body     jsonb    not null,
    district text     not null generated always as (body ->> 'district') stored,
    constraint model_pkey primary key (id),
    constraint model_district unique (district)
);
