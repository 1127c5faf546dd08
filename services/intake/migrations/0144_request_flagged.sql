-- no-transaction
-- By `request_shown_flag` now.
drop index concurrently if exists request_flagged;
