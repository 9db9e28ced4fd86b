# One measurement each: what tests/bench/run repeats and compares. To be sourced by bash, after deploy/server.sh.
# shellcheck shell=bash disable=SC2154
#
# Every run gets a database of its own, copied from the same template file by file, so that
# all of them start from the same pages; the table is read into the buffers and a checkpoint is
# done before the clock starts.

psql_in() { # DATABASE ARGUMENT...
  local database=$1
  shift
  PGOPTIONS='-c client_min_messages=warning' "$postgres_bin/psql" --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 \
    --dbname="$(conninfo "$database")" "$@"
}

conninfo() { echo "host=$work/primary.socket user=postgres dbname=$1"; }
now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.2f\n", to - from }'; }

make_template() { # SCALE
  psql_in postgres --command='CREATE DATABASE template'
  "$postgres_bin/pgbench" --initialize --quiet --scale="$1" "$(conninfo template)" >/dev/null 2>&1
  psql_in template --command='CREATE EXTENSION pg_prewarm' --command='VACUUM (ANALYZE) pgbench_accounts'
  [[ $with_repack == false ]] || psql_in template --command='CREATE EXTENSION pg_repack'
}

fresh_database() {
  psql_in postgres --command='DROP DATABASE IF EXISTS run' --command='CREATE DATABASE run TEMPLATE template STRATEGY file_copy'
  psql_in run --output=/dev/null --command="SELECT pg_prewarm('pgbench_accounts'), pg_prewarm('pgbench_accounts_pkey')"
  psql_in run --command=CHECKPOINT
}

# run_job NAME SETTING...: submits the change and waits for its end; the job's JSON goes to
# NAME.json, the daemon's cost to NAME.cost ("MB CPU-SECONDS"). Prints the seconds it took.
run_job() {
  local name=$1 setting settings=() from
  shift
  for setting in "$@"; do settings+=(--set "$setting"); done
  local before_cpu after_memory after_cpu took
  read -r _ before_cpu < <(process_cost "$daemon_pid")
  from=$(now)
  "$bin/eidolon" submit --table public.pgbench_accounts --alter 'ALTER COLUMN aid TYPE bigint' --set keep_old=0s \
    "${settings[@]}" >"$work/$name.id" || die 'the job was refused'
  "$bin/eidolon" wait "$(<"$work/$name.id")" --state 'done' --timeout 1800 >"$work/$name.wait" 2>&1 ||
    die "the job did not end well: $("$bin/eidolon" --json status "$(<"$work/$name.id")")"
  took=$(since "$from")
  read -r after_memory after_cpu < <(process_cost "$daemon_pid")
  "$bin/eidolon" --json status "$(<"$work/$name.id")" >"$work/$name.json"
  awk -v m="$after_memory" -v a="$before_cpu" -v b="$after_cpu" -v t="$took" \
    'BEGIN { printf "%.1f %.2f %.2f\n", m, b - a, 100 * (b - a) / t }' >"$work/$name.cost"
  echo "$took"
}

# ---- an idle server; each prints seconds

idle_eidolon() { # NAME
  fresh_database
  start_daemon "$bin" "$(conninfo run)"
  run_job "$1" verify=off
  stop_process "$daemon_pid"
  daemon_pid=''
}

idle_alter() {
  local from
  fresh_database
  from=$(now)
  psql_in run --command='ALTER TABLE public.pgbench_accounts ALTER COLUMN aid TYPE bigint'
  since "$from"
}

idle_repack() {
  local from
  fresh_database
  from=$(now)
  "$postgres_bin/pg_repack" --dbname=run --host="$work/primary.socket" --username=postgres --no-order \
    --table=public.pgbench_accounts >"$work/repack.log" 2>&1 || die "pg_repack failed: $(tail -n 3 "$work/repack.log")"
  since "$from"
}

# ---- under load

start_load() { # NAME SECONDS
  setsid "$postgres_bin/pgbench" --no-vacuum --skip-some-updates --rate="$rate" --client=8 --jobs=2 --time="$2" \
    --log --log-prefix="$work/$1.latency" --failures-detailed "$(conninfo run)" >"$work/$1.pgbench" 2>&1 &
  load_pid=$!
}

# The load with a job in it, from 5 seconds before the job to 5 seconds after it. Prints the seconds of the load.
loaded_with_job() { # NAME
  local from
  fresh_database
  start_daemon "$bin" "$(conninfo run)"
  from=$(now)
  start_load "$1" 86400
  sleep 5
  run_job "$1" >"$work/$1.seconds"
  sleep 5
  stop_process "$load_pid" ALRM
  load_pid=''
  since "$from"
  stop_process "$daemon_pid"
  daemon_pid=''
}

loaded_idle() { # NAME SECONDS
  fresh_database
  start_load "$1" "$2"
  wait "$load_pid"
  load_pid=''
}

# latencies NAME: "COUNT P50 P99 P99.9 MAX FAILED" of a load, in milliseconds; pgbench counts from the
# moment at which a transaction was due.
latencies() {
  local failed
  failed=$(awk -F': ' '/number of failed transactions/ { print $2 + 0; exit }' "$work/$1.pgbench")
  cat "$work/$1.latency".[0-9]* | awk '$3 ~ /^[0-9]+$/ { print $3 / 1000 }' | sort --numeric-sort | awk -v failed="$failed" '
    function at(p,  i) { i = int(NR * p + 0.999999); return v[i < 1 ? 1 : i] }
    { v[NR] = $1 }
    END { printf "%d %.1f %.1f %.1f %.1f %s\n", NR, at(0.5), at(0.99), at(0.999), v[NR], failed }'
}

median() { sort --numeric-sort | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
