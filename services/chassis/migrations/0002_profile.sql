-- Each service's part of each district's profile. The district is generated from the body, like every searchable column.
create table profile (
    id       uuid   not null,
    version  bigint not null,
    shape    smallint not null,
    hash     bytea  not null,
    body     jsonb  not null,
    district text   not null generated always as (body ->> 'district') stored,
    constraint profile_pkey primary key (id),
    constraint profile_district unique (district)
);
