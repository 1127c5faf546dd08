-- no-transaction
-- 逾期未报到: the dispatches that wait for their arbiter because nobody reported in, newest first. Only those: few at any time.
create index concurrently if not exists dispatch_silent on dispatch (district, id) where (body ->> 'silent')::boolean;
