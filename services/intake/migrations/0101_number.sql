-- Numbers that people see count up by prefix and day. A process takes a few at a time; those it does not use are skipped.
create table number (
    prefix text   not null,
    day    date   not null,
    next   bigint not null,
    constraint number_pkey primary key (prefix, day)
);
