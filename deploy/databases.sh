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

# intake-database-url is intake's address of its database, postgres://intake:PASSWORD@…, and so on: a service is here once its file is.
for file in /run/secrets/*-database-url; do
    service=${file##*/}
    service=${service%-database-url}
    read -r url <"$file" || [ -n "$url" ]
    password=${url#*://*:}
    password=${password%%@*}
    if [ "$password" = change-me ] || [ "$password" = "$url" ]; then
        printf '%s: must be postgres://%s:PASSWORD@postgres:5432/%s with a password of its own (openssl rand -hex 24)\n' "$file" "$service" "$service" >&2
        exit 1
    fi
    create "$service" "$password"
done
