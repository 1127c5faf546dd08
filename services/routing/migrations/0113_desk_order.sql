-- The order of the desk's queue: what speaks of a danger to life first, then urgent before high before normal, and of the same what is due
-- first (epoch microseconds). What was queued before the desk had a clock counts as normal and due when it was submitted.
create function desk_order(body jsonb) returns bigint language sql immutable parallel safe as $$
    select (case when jsonb_array_length(coalesce(body -> 'partial' -> 'dangers', '[]')) > 0 then 0
                 when body -> 'wait' ->> 'priority' = 'urgent' then 1
                 when body -> 'wait' ->> 'priority' = 'high' then 2
                 else 3 end)::bigint * 10000000000000000
           + coalesce(body -> 'wait' -> 'clock' ->> 'due_at', body ->> 'submitted_at')::bigint
$$;
