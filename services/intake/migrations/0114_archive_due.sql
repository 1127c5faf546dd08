-- Whom somebody has to visit, what is due first before what is due later: by district, street and community.
create index archive_due on archive (district, (instant(body -> 'due_at')), id) where instant(body -> 'due_at') is not null;
create index archive_due_street on archive (left(area, 9), (instant(body -> 'due_at')), id) where instant(body -> 'due_at') is not null;
create index archive_due_community on archive (left(area, 12), (instant(body -> 'due_at')), id) where instant(body -> 'due_at') is not null;
-- What the timer asks: the visits that were missed by then, and are not told yet.
create index archive_remind on archive ((instant(body -> 'remind_at'))) where instant(body -> 'remind_at') is not null;
-- What a profile's plans are carried into.
create index archive_district on archive (district, id);
