-- The unit that an aggregate leaves with an entry, which is told so on its own stream. It follows from the entry before, so the hash does
-- not cover it. Null where it stays, and in what builds before wrote.
alter table log add column left_unit text;
