-- Each district's learned model of units, as its operator applied it: a row like that of its model of categories.
create table unit_model (
    id       uuid     not null,
    version  bigint   not null,
    shape    smallint not null,
    hash     bytea    not null,
    body     jsonb    not null,
    district text     not null generated always as (body ->> 'district') stored,
    constraint unit_model_pkey primary key (id),
    constraint unit_model_district unique (district)
);
