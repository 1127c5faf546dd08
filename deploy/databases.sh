#!/usr/bin/env bash
# Run once by the PostgreSQL image when its data is new: one role and one database per service.
# A role can enter its own database and no other; it sees who else holds a transaction open, since that holds back its relay.
set -euo pipefail

# create SERVICE PASSWORD
create() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set service="$1" --set password="$2" <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service" encoding 'UTF8';
revoke all on database :"service" from public;
grant pg_read_all_stats to :"service";
SQL
}

# INTAKE_DATABASE_PASSWORD is intake's, and so on: a service is here once its password is.
for variable in $(compgen -e | grep '_DATABASE_PASSWORD$'); do
    service=${variable%_DATABASE_PASSWORD}
    create "${service,,}" "${!variable}"
done
