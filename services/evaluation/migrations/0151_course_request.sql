-- no-transaction
-- The cases whose first request was not known yet when they were counted: found when it is.
create index concurrently if not exists course_request on course ((body ->> 'request'))
    where body ->> 'request' is not null and body ->> 'channel' is null;
