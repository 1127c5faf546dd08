-- no-transaction
-- 专班: when the span of a task force on a case ends. Few cases at any time.
create index concurrently if not exists case_groups_end_at on "case" (instant(body -> 'groups_end_at'))
    where instant(body -> 'groups_end_at') is not null;
