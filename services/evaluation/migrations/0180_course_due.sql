-- no-transaction
-- Cases whose time to resolve runs, by when it is over: what is overdue now.
create index concurrently if not exists course_due on course (district, ((body -> 'due_at')::int8)) where body ? 'due_at';
