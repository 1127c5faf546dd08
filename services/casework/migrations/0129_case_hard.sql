-- no-transaction
create index concurrently if not exists case_hard on "case" (district, id) where hard(state, body);
