-- no-transaction
-- Cases that were overdue, by until when they last were: what was overdue on a day that is over.
create index concurrently if not exists course_overdue on course (district, ((body #> '{overdue,-1,to}')::int8)) where body ? 'overdue';
