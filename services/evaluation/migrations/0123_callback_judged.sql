-- no-transaction
-- Rates are read from the figures.
drop index concurrently if exists callback_judged;
