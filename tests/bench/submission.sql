-- A submission as intake writes it: the row, and the log entry. Relies on the columns of both tables and on the form of their JSON; where
-- these change, this changes with them.
with keys as (select gen_random_uuid() as id, gen_random_uuid() as request_id, gen_random_uuid()::text as number),
row as (
    insert into request (id, version, body)
    select id, 1, ('{"id":"' || id || '","number":"' || number || '","request_id":"' || request_id || '","district":"420102","channel":"online","external_id": "","source": "","reporter": null,"content":"有车辆堵住楼栋出入口，请联系车主挪车","location":{"address":"恒大双城","area":"420102010002002","point": null},"category": "","tracking_token":"AAAAAAAAAAAAAAAAAAAAAA","state":"submitted","first_contact":{"unit": null,"subject":"test-platform","published": true,"discharged_at": null},"submitted_at": 1795312800000000,"additions":[],"progress":[],"answer": "","case": null}')::jsonb
      from keys
    returning id
)
insert into log (id, kind, aggregate, version, district, at, actor, request_id, traceparent, change, about)
select gen_random_uuid(), 'request', id, 1, '420102', now(), '{"subject":"test-platform"}'::jsonb, request_id, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
       ('{"submitted":{"number":"' || number || '","tracking_token":"AAAAAAAAAAAAAAAAAAAAAA","first_contact":{"unit": null,"subject":"test-platform","published": true,"discharged_at": null},"submission":{"request_id":"' || request_id || '","district":"420102","channel":"online","external_id": "","source": "","reporter": null,"content":"有车辆堵住楼栋出入口，请联系车主挪车","location":{"address":"恒大双城","area":"420102010002002","point": null},"category": ""}}}')::jsonb,
       ('{"number":"' || number || '","channel":"online","state":"submitted","case": null,"submitted_at": 1795312800000000}')::jsonb
  from keys;
