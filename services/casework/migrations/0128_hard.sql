-- 难题: what is open and suspended, or in a leader's charge. Not in the language SQL: it would be written out in a query, where nothing is
-- known of how few rows it fits, and another index taken.
create function hard(state text, body jsonb) returns boolean language plpgsql immutable parallel safe
    as $$ begin return state <> 'closed' and (state = 'suspended' or body -> 'charge' is not null); end $$;
