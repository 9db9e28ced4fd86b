#!/usr/bin/env bash
# Prometheus, with the configuration of deploy/prometheus, scrapes a daemon with jobs in the situations that the
# queries ask about: one copies and was held back
# by a replica, one failed, one was paused and does not get its locks.
# queries.py then runs every query of alerts and dashboard.
#
#   live_test.sh DIRECTORY-OF-THE-PROGRAMS
# shellcheck source-path=SCRIPTDIR disable=SC2154
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/deploy/lib.sh"
source "$root/deploy/server.sh"

bin=${1:?the directory of eidolond and eidolon}
work='' daemon_pid='' prometheus_pid='' holder_pid=''

at_exit() {
  local status=$?
  trap - EXIT
  stop_process "$prometheus_pid"
  stop_process "$holder_pid"
  stop_process "$daemon_pid"
  stop_server "$work/replica"
  stop_server "$work/primary"
  rm --recursive --force "$work"
  exit "$status"
}

sql() { "$postgres_bin/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="$dsn" "$@"; }
# until_exported PATTERN: waits for a line of /metrics.
until_exported() {
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    curl --silent "$metrics_url/metrics" | grep "$1" >/dev/null && return
    sleep 0.1
  done
  die "/metrics never had $1"
}

submit() { "$bin/eidolon" submit --set max_lag=1h "$@"; } # what lags here is the machine

start_servers() {
  create_server "$work/primary" 'wal_level = replica' 'fsync = off'
  start_server "$work/primary"
  start_replica "$work/replica" "$work/primary"
  dsn="host=$work/primary.socket user=postgres dbname=postgres"
  sql <<'END'
CREATE TABLE public.copied (id int PRIMARY KEY, note text);
INSERT INTO public.copied SELECT n, repeat('x', 200) FROM generate_series(1, 400000) n;
CREATE TABLE public.spoiled (id int PRIMARY KEY, note text);
INSERT INTO public.spoiled VALUES (1, NULL);
CREATE TABLE public.locked (id int PRIMARY KEY);
INSERT INTO public.locked SELECT generate_series(1, 10);
END
}

# It does not lead while everything that it wrote would be published.
start_a_daemon_that_waits() {
  # Below wal_level logical the server warns that nothing is published yet.
  sql --command='SET client_min_messages = error' --command='CREATE PUBLICATION everything FOR ALL TABLES'
  start_daemon "$bin" "$dsn"
  until_exported 'eidolon_database_up{.* 1$'
  until_exported 'eidolon_database_leader{.* 0$'
  sql --command='DROP PUBLICATION everything'
  until_exported 'eidolon_database_leader{.* 1$'
}

a_job_that_fails() {
  local id
  id=$(submit --table public.spoiled --alter 'ALTER COLUMN note SET NOT NULL, ADD COLUMN n int')
  "$bin/eidolon" wait "$id" --state failed --timeout 60
}

hold_a_lock() {
  sql --command='BEGIN; LOCK TABLE public.locked IN ACCESS SHARE MODE; SELECT pg_sleep(600)' >/dev/null 2>&1 &
  holder_pid=$!
  until [[ $(sql --tuples-only --no-align --command="SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == 1 ]]; do sleep 0.1; done
}

a_job_that_gets_no_locks() {
  local id
  id=$(submit --table public.locked --alter 'ALTER COLUMN id TYPE bigint' --postpone-cutover)
  "$bin/eidolon" wait "$id" --state ready --timeout 60
  hold_a_lock
  "$bin/eidolon" cutover "$id"
  until_exported 'eidolon_cutover_attempts_total{.* [1-9]'
  "$bin/eidolon" pause "$id"
  until_exported 'eidolon_throttled{.*paused.* 1$'
  "$bin/eidolon" resume "$id"
}

a_job_that_copies() {
  # min_free_space, because the disks are looked at only for a job that limits it.
  job=$(submit --table public.copied --alter 'ALTER COLUMN id TYPE bigint' --set copy_ratio=0.02 --set chunk_target=50ms --set min_free_space=1MB)
  "$bin/eidolon" wait "$job" --state copying --timeout 60
}

# Its replay stops, until the job waits for it.
the_replica_falls_behind() {
  sql --dbname="${dsn/primary/replica}" --output=/dev/null --command='SELECT pg_wal_replay_pause()'
  "$bin/eidolon" set "$job" max_lag=100ms
  until_exported 'eidolon_throttled{.*lag.* 1$'
  sql --dbname="${dsn/primary/replica}" --output=/dev/null --command='SELECT pg_wal_replay_resume()'
  "$bin/eidolon" set "$job" max_lag=1h
}

start_prometheus() {
  local port
  port=$(free_port)
  prometheus_url=http://127.0.0.1:$port
  cp "$root/deploy/prometheus/eidolon.rules.yml" "$work"
  sed "s/127\.0\.0\.1:9187/${metrics_url#http://}/; s/_interval: 15s/_interval: 1s/" "$root/deploy/prometheus/prometheus.yml" >"$work/prometheus.yml"
  setsid prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/tsdb" --web.listen-address="127.0.0.1:$port" \
    >"$work/prometheus.log" 2>&1 &
  prometheus_pid=$!
}

command -v prometheus >/dev/null || die 'prometheus is not installed: see deploy/packages.txt'
find_postgres
make_work_directory eidolon-monitoring
trap at_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
start_servers
start_a_daemon_that_waits
start_prometheus
a_job_that_fails
a_job_that_gets_no_locks
a_job_that_copies
the_replica_falls_behind

# Rates want two samples and what happens seldom has to happen: it is asked until all is there, for a minute.
for ((tries = 0; tries < 30; tries++)); do
  if "$root/tests/monitoring/queries.py" "$root" "$prometheus_url" "$job" >"$work/complaints" 2>&1; then
    cat "$work/complaints"
    exit 0
  fi
  sleep 2
done
cat "$work/complaints"
tail -n 20 "$work/prometheus.log" "$work/eidolond.log"
exit 1
