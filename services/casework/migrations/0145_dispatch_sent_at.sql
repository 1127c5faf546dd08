-- no-transaction
-- By when they were sent: what a period is counted by.
create index concurrently if not exists dispatch_sent_at on dispatch (district, instant(body -> 'sent_at'), id);
