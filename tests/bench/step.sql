-- A step on a case as casework writes it: the row in a new version, changed at a new time so that the same indexes are written, and one
-- more entry in the log, of the same bytes as the one before. Each client has a case of its own (`steps.rs` puts them there). A step's
-- command is left out, and so is reading the case before deciding; the entry before is read instead.
with step as (
    update "case"
       set version = version + 1, hash = sha256(hash),
           body = body || jsonb_build_object('updated_at', (extract(epoch from clock_timestamp()) * 1000000)::bigint)
     where id = lpad(to_hex(:client_id::int), 32, '0')::uuid
    returning id, version, hash
)
insert into log (id, kind, aggregate, version, district, unit, at, shape, entry, hash, epoch)
select gen_random_uuid(), l.kind, l.aggregate, step.version, l.district, l.unit, clock_timestamp(), l.shape, l.entry, step.hash, l.epoch
  from step join log l on l.aggregate = step.id and l.version = step.version - 1;
