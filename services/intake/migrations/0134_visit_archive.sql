-- no-transaction
-- The visits of an archive that know still who was visited: they are forgotten together.
create index concurrently if not exists visit_archive on visit ((body ->> 'archive'), id)
    where body ->> 'archive' is not null and (body -> 'visited') - 'priority' <> '{"name": "", "address": "", "contact": "", "code": ""}'::jsonb;
