#!/bin/sh
# Starts PostgreSQL as a streaming replica of $PRIMARY. The first start copies it, with the password in PGPASSWORD. The copy
# goes to a folder of its own until it is complete, so an interrupted one starts again.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  volume=$(dirname "$PGDATA")
  rm -rf "$volume/copying"
  chown postgres "$volume"
  gosu postgres pg_basebackup --host "$PRIMARY" --username kinoprint --pgdata "$volume/copying" --write-recovery-conf --checkpoint=fast
  mv "$volume/copying" "$PGDATA"
fi
exec docker-entrypoint.sh "$@"
