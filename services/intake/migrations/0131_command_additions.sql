-- no-transaction
-- How many additions a caller made today.
create index concurrently if not exists command_additions on command (issuer, subject, method, at)
 where method in ('huying.intake.v1.AddInformationRequest', 'huying.intake.v1.JoinRequestRequest');
