#!/usr/bin/env bash
# Run once by the PostgreSQL image when its data is new: for each service a database, a role that owns it and brings it up
# (<service>_owner), and one that the service works as (<service>), which owns nothing: it adds to its log and never changes it.
# Both enter their own database and no other; the service sees who else holds a transaction open, since that holds back its relay.
set -euo pipefail

if [ "$(cat "${POSTGRES_PASSWORD_FILE:-/run/secrets/postgres-password}")" = change-me ]; then
    printf 'postgres.password is still change-me, which everybody knows: make one (openssl rand -hex 24)\n' >&2
    exit 1
fi

# create SERVICE PASSWORD OWNERS_PASSWORD. No password stands in an argument, which every process sees.
create() {
    PASSWORD=$2 OWNERS_PASSWORD=$3 psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set service="$1" --set owner="$1_owner" <<'SQL'
\getenv password PASSWORD
\getenv owners_password OWNERS_PASSWORD
create role :"owner" login password :'owners_password';
create role :"service" login password :'password';
create database :"service" owner :"owner" encoding 'UTF8';
revoke all on database :"service" from public;
grant connect on database :"service" to :"service";
grant pg_read_all_stats to :"service";
SQL
}

# password FILE ROLE SERVICE: the one in an address.
password() {
    local url password
    read -r url <"$1" || [ -n "$url" ]
    password=${url#*://*:}
    password=${password%%@*}
    if [ "$password" = change-me ] || [ "$password" = "$url" ]; then
        printf '%s: must be postgres://%s:PASSWORD@postgres:5432/%s with a password of its own (openssl rand -hex 24)\n' "$1" "$2" "$3" >&2
        exit 1
    fi
    printf '%s' "$password"
}

# intake-database-url is intake's address of its database, postgres://intake:PASSWORD@…, intake-migrate-url its owner's,
# postgres://intake_owner:PASSWORD@…, and so on: a service is here once its files are.
for file in /run/secrets/*-database-url; do
    service=${file##*/}
    service=${service%-database-url}
    its=$(password "$file" "$service" "$service")
    owners=$(password "${file%-database-url}-migrate-url" "${service}_owner" "$service")
    create "$service" "$its" "$owners"
done
