-- 矛盾隐患台账. One row each.
create table risk (
    id        uuid        not null,
    version   bigint      not null,
    shape     smallint    not null,
    hash      bytea       not null,
    body      jsonb       not null,
    district  text        not null generated always as (body ->> 'district') stored,
    area      text        not null generated always as (body ->> 'area') stored,
    kind      text        not null generated always as (body ->> 'kind') stored,
    unit      text        not null generated always as (body ->> 'unit') stored,
    state     text        not null generated always as (body ->> 'state') stored,
    opened_at timestamptz not null generated always as (instant(body -> 'opened_at')) stored,
    constraint risk_pkey primary key (id),
    constraint risk_state check (state in ('open', 'settled'))
);

-- Lists go newest first, those that are open apart from those that are settled.
create index risk_newest on risk (district, state, opened_at desc, id desc);
create index risk_street on risk (left(area, 9), state, opened_at desc, id desc);
create index risk_community on risk (left(area, 12), state, opened_at desc, id desc);
create index risk_unit on risk (district, unit, state, opened_at desc, id desc);
-- Counted by area.
create index risk_area on risk (area, id) include (kind, state);
