-- The order of the desk's queue: urgent before high before normal, and of the same priority what is due first (epoch microseconds). What
-- was queued before the desk had a clock counts as normal and due when it was submitted.
create function triage_order(body jsonb) returns bigint language sql immutable parallel safe as $$
    select (case body -> 'wait' ->> 'priority' when 'urgent' then 0 when 'high' then 1 else 2 end)::bigint * 10000000000000000
           + coalesce(body -> 'wait' -> 'clock' ->> 'due_at', body ->> 'submitted_at')::bigint
$$;
