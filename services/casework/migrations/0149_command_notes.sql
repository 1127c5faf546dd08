-- no-transaction
-- How many notes a caller wrote today.
create index concurrently if not exists command_notes on command (issuer, subject, method, at) where method = 'huying.casework.v1.AddNoteRequest';
