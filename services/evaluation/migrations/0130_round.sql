-- 满意度回访抽查: a sample that was drawn. One row each; ids ascend with time.
create table round (
    id        uuid     not null,
    version   bigint   not null,
    shape     smallint not null,
    hash      bytea    not null,
    body      jsonb    not null,
    district  text     not null generated always as (body ->> 'district') stored,
    area      text     not null generated always as (body #>> '{population,area}') stored,
    -- Lists of whoever reaches a street or a community.
    street    text     not null generated always as (left(body #>> '{population,area}', 9)) stored,
    community text     not null generated always as (left(body #>> '{population,area}', 12)) stored,
    state     text     not null generated always as (body ->> 'state') stored,
    constraint round_pkey primary key (id),
    constraint round_state check (state in ('open', 'closed'))
);

create index round_district on round (district, id desc);
create index round_street on round (street, id desc);
create index round_community on round (community, id desc);

-- Asking somebody about their case. One row for each that was drawn, for a round or its reserve: 4,000 for a round at most.
create table interview (
    id          uuid     not null,
    version     bigint   not null,
    shape       smallint not null,
    hash        bytea    not null,
    body        jsonb    not null,
    round       uuid     not null generated always as ((body ->> 'round')::uuid) stored,
    district    text     not null generated always as (body ->> 'district') stored,
    area        text     not null generated always as (body ->> 'area') stored,
    state       text     not null generated always as (body ->> 'state') stored,
    stratum     text     not null generated always as (body ->> 'stratum') stored,
    place       integer  not null generated always as ((body ->> 'place')::integer) stored,
    -- Whom it was handed out to: unit and subject. Null while nobody has it.
    interviewer text     generated always as ((body #>> '{interviewer,unit}') || '/' || (body #>> '{interviewer,subject}')) stored,
    constraint interview_pkey primary key (id),
    constraint interview_state check (state in ('reserve', 'waiting', 'answered', 'refused', 'unreachable'))
) with (fillfactor = 80);

-- A round's, for its list and its report.
create index interview_round on interview (round, stratum, place);
-- The next of a stratum's reserve, and nothing that was called up.
create index interview_reserve on interview (round, stratum, place) where state = 'reserve';
-- What somebody has to do. The state stands before the id, as in the lists of callbacks.
create index interview_interviewer on interview (district, interviewer, state, id) where interviewer is not null;
