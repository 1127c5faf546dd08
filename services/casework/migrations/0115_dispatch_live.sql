-- no-transaction
create index concurrently if not exists dispatch_live on dispatch (district, id) where state not in ('done', 'ended');
