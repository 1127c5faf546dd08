-- How pressing a case or a dispatch is: the less, the sooner it is looked at. Red before amber before green, and of the same lamp what is
-- due first (epoch microseconds of the first running clock); last what waits for no clock. `store/path.rs` knows the same numbers.
create function urgency(body jsonb) returns bigint language sql immutable parallel safe as $$
    select coalesce(
        case when bool_or((value ->> 'red_fired')::boolean) then 0
             when bool_or((value ->> 'amber_fired')::boolean) then 100000000000000000
             else 200000000000000000 end + min((value ->> 'due_at')::bigint),
        300000000000000000)
      from jsonb_each(body -> 'clocks') where value ->> 'due_at' is not null
$$;

-- When a case changed last, as it says itself; one that has not changed since it says so, when it was opened.
create function updated(body jsonb) returns bigint language sql immutable parallel safe as $$
    select coalesce(body ->> 'updated_at', body ->> 'opened_at')::bigint
$$;
