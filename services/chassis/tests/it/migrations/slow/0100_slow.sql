-- Takes longer than a statement may that the test's pool runs.
create table slow (name text not null);
insert into slow select n::text from generate_series(1, 100) n;
select pg_sleep(0.5);
