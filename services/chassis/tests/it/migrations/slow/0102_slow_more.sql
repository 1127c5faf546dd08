-- Needs the table for itself.
alter table slow add column if not exists more text;
