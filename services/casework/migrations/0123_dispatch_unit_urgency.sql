-- no-transaction
create index concurrently if not exists dispatch_unit_urgency on dispatch (district, unit, urgency(body), id)
    where state not in ('done', 'ended');
