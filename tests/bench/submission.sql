-- A submission as intake writes it: the row, the log entry, the command and the claim on its number (a second claim would be that of a
-- door's own number, which the calls measured beside it do not have). Relies on the columns of these tables and on the form of their JSON;
-- where these change, this changes with them. Ids begin with their time, as intake's do: so they fill their indexes in order.
-- A space stands before each bare word of the JSON: pgbench would take `:null` for a variable.
with ids as (
    select encode(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint), 'hex') as time,
           clock_timestamp() as at, gen_random_uuid()::text as number
),
keys as (
    select (substr(time, 5) || '7' || substr(translate(gen_random_uuid()::text, '-', ''), 14))::uuid as id,
           (substr(time, 5) || '7' || substr(translate(gen_random_uuid()::text, '-', ''), 14))::uuid as event,
           (substr(time, 5) || '7' || substr(translate(gen_random_uuid()::text, '-', ''), 14))::uuid as request_id,
           at, number
      from ids
),
entries as (
    select *, '{"actor":{"subject":"test-platform"},"state":"submitted","change":{"submitted":{"first_contact":{"discharged_at": null,"published": true,"subject":"test-platform","unit": null},"number":"' || number || '","submission":{"category":"","channel":"online","content":"有车辆堵住楼栋出入口，请联系车主挪车","district":"420102","external_id":"","location":{"address":"恒大双城","area":"420102010002002","point": null},"platform":"huying test-platform","reporter": null,"source":""},"tracking_token": null}},"personal":{"/submitted/tracking_token":"AAAAAAAAAAAAAAAAAAAAAA"}}' as entry
      from keys
),
row as (
    insert into request (id, version, shape, hash, body)
    select id, 1, 1, sha256(convert_to(entry, 'UTF8')), ('{"id":"' || id || '","number":"' || number || '","district":"420102","channel":"online","external_id":"","source":"","platform":"huying test-platform","reporter": null,"content":"有车辆堵住楼栋出入口，请联系车主挪车","location":{"address":"恒大双城","area":"420102010002002","point": null},"category":"","tracking_token":"AAAAAAAAAAAAAAAAAAAAAA","state":"submitted","first_contact":{"unit": null,"subject":"test-platform","published": true,"discharged_at": null},"submitted_at": 1795312800000000,"additions":[],"progress":[],"answer":"","attempt": 0,"case": null}')::jsonb
      from entries
),
done as (
    insert into command (request_id, issuer, subject, method, digest, aggregate, version, at)
    select request_id, 'huying', 'test-platform', 'huying.intake.v1.SubmitRequestRequest', sha256(uuid_send(request_id)), id, 1, at
      from entries
),
held as (
    insert into claim (name, key, aggregate) select 'number', number, id from entries
)
insert into log (id, kind, aggregate, version, district, at, shape, entry, hash, epoch)
select event, 'request', id, 1, '420102', at, 1, entry, sha256(convert_to(entry, 'UTF8')), (select max(number) from epoch)
  from entries;
