-- Rows as lists see them: of many units, streets and communities, categories and states, and as many closed as in a year.
insert into "case" (id, version, shape, hash, body)
select gen_random_uuid(), 1, 1, '', jsonb_build_object(
           'number', 'ZZ-' || n, 'district', '990101', 'area', '990101' || lpad((n % 16)::text, 3, '0') || lpad((n % 160)::text, 3, '0'),
           'category', 'C' || n % 300, 'state', (array['assigned', 'working', 'resolved', 'closed', 'closed', 'closed', 'closed'])[1 + n % 7],
           'outcome', case when n % 7 > 2 then (array['struck_off', 'struck_off', 'struck_off', 'withdrawn', 'declined', 'merged'])[1 + n % 6] end,
           'holder', jsonb_build_object('unit', 'U-' || n % 400, 'tier', 'street'), 'overdue', n % 50 = 0,
           'arbiter', case when n % 200 = 0 then jsonb_build_object('unit', 'S-' || n % 16) end,
           'supervised_at', case when n % 300 = 0 then n::bigint * 1000000 end, 'opened_at', n::bigint * 1000000, 'updated_at', n::bigint * 2000000, 'resolved_at', case when n % 7 > 1 then n * 1500000::bigint end,
           'clocks', jsonb_build_object('resolve', jsonb_build_object(
               'due_at', case when n % 7 < 2 then n * 3000000::bigint end, 'red_fired', n % 50 = 0, 'amber_fired', n % 10 = 0)))
       || case when n % 301 = 0 then jsonb_build_object('charge', jsonb_build_object('leader', 'L-' || n % 20)) else '{}' end
       || case when n % 3 = 0 then jsonb_build_object('officer', jsonb_build_object('subject', 'O-' || n % 5), 'appointed_at', n::bigint * 1000000) else '{}' end
  from generate_series(1, 20000) n;

insert into dispatch (id, version, shape, hash, body)
select gen_random_uuid(), 1, 1, '', jsonb_build_object(
           'case', gen_random_uuid(), 'district', '990101', 'unit', 'D-' || n % 200, 'area', '990101' || lpad((n % 16)::text, 3, '0'),
           'state', (array['sent', 'accepted', 'done', 'done', 'ended'])[1 + n % 5], 'overdue', n % 50 = 0, 'silent', n % 100 = 0, 'silences', 0, 'binding', false,
           'sent_at', n::bigint * 1000000, 'caller', jsonb_build_object('unit', 'S-' || n % 16),
           'clocks', jsonb_build_object('resolve', jsonb_build_object('due_at', n * 3000000::bigint, 'red_fired', false, 'amber_fired', false)))
  from generate_series(1, 6000) n;

insert into approval (id, version, shape, hash, body)
select gen_random_uuid(), 1, 1, '', jsonb_build_object(
           'case', gen_random_uuid(), 'district', '990101', 'area', '990101' || lpad((n % 16)::text, 3, '0'),
           'asked_by', jsonb_build_object('unit', 'U-' || n % 400), 'granter', jsonb_build_object('unit', 'G-' || n % 100),
           'state', (array['asked', 'granted', 'granted', 'refused'])[1 + n % 4], 'overdue', false)
  from generate_series(1, 6000) n;

insert into meeting (id, version, shape, hash, body)
select gen_random_uuid(), 1, 1, '', jsonb_build_object(
           'district', '990101', 'area', '990101' || lpad((n % 200)::text, 3, '0') || lpad((n % 160)::text, 3, '0'), 'items', '[]'::jsonb,
           'settled', 0, 'starts_at', n::bigint * 3600000000, 'state', (array['convened', 'held', 'held', 'held', 'cancelled'])[1 + n % 5])
  from generate_series(1, 6000) n;

insert into absence (id, version, shape, hash, body)
select gen_random_uuid(), 1, 1, '', jsonb_build_object(
           'district', '990101', 'unit', 'U-' || n % 100, 'subject', 'O-' || n % 1000, 'kind', 'leave', 'state', (array['recorded', 'ended'])[1 + n % 2],
           'from_at', n::bigint * 1000000, 'until_at', n::bigint * 2000000, 'recorded_at', n::bigint * 1000000)
  from generate_series(1, 6000) n;

analyze "case", dispatch, approval, meeting, absence;
