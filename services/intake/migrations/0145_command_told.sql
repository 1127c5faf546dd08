-- no-transaction
-- How often a caller told reporters how it goes, and updated archives, today.
create index concurrently if not exists command_told on command (issuer, subject, method, at)
 where method in ('huying.intake.v1.TellProgressRequest', 'huying.intake.v1.UpdateArchiveRequest');
