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

# reserve_huge_pages MB: as a server of that size has them, if this user may say so; without them the first touch of every
# 4 kB of the shared buffers by every process is a fault of its own, which on a virtual machine can cost more than what
# is measured. To be given back by restore_huge_pages.
reserve_huge_pages() {
  ((EUID == 0)) && [[ -w /proc/sys/vm/nr_hugepages ]] || return 0
  huge_pages_before=$(</proc/sys/vm/nr_hugepages)
  echo $((huge_pages_before + $1 / 2)) >/proc/sys/vm/nr_hugepages 2>/dev/null || true
}

restore_huge_pages() {
  [[ -z ${huge_pages_before:-} ]] || echo "$huge_pages_before" >/proc/sys/vm/nr_hugepages
}

# Whether the server has them: what of them is taken, or promised.
huge_pages_in_use() {
  awk '/^HugePages_(Total|Rsvd)/ { n += $2 } /^HugePages_Free/ { n -= $2 } END { print (n > 0 ? "in use" : "not in use") }' /proc/meminfo
}

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

# run_job NAME SETTING...: submits the change and waits for its end, which is the swap when the old table is kept; the
# job's JSON goes to NAME.json, the daemon's cost to NAME.cost ("MB CPU-SECONDS"). Prints the seconds it took.
run_job() {
  local name=$1 setting settings=() from end=retaining
  shift
  for setting in "$@"; do
    settings+=(--set "$setting")
    [[ $setting != keep_old=0s ]] || end='done'
  done
  local before_cpu after_memory after_cpu took
  read -r _ before_cpu < <(process_cost "$daemon_pid")
  from=$(now)
  "$bin/eidolon" submit --table public.pgbench_accounts --alter 'ALTER COLUMN aid TYPE bigint' \
    "${settings[@]}" >"$work/$name.id" || die 'the job was refused'
  "$bin/eidolon" wait "$(<"$work/$name.id")" --state "$end" --timeout 1800 >"$work/$name.wait" 2>&1 ||
    die "the job did not end well: $("$bin/eidolon" --json status "$(<"$work/$name.id")")"
  took=$(since "$from")
  read -r after_memory after_cpu < <(process_cost "$daemon_pid")
  "$bin/eidolon" --json status "$(<"$work/$name.id")" >"$work/$name.json"
  awk -v m="$after_memory" -v a="$before_cpu" -v b="$after_cpu" -v t="$took" \
    'BEGIN { printf "%.1f %.2f %.2f\n", m, b - a, 100 * (b - a) / t }' >"$work/$name.cost"
  echo "$took"
}

# ---- what a run costs the server

wal_position() { psql_in postgres --command='SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $$0/0$$)'; }

# server_cpu: seconds that the primary's processes have used, those that are gone included, which its postmaster has reaped.
server_cpu() {
  local postmaster
  postmaster=$(as_postgres head -n 1 "$work/primary/postmaster.pid")
  # A process may end before it is looked at.
  # shellcheck disable=SC2046
  { cat "/proc/$postmaster/stat" $(printf '/proc/%s/stat ' $(<"/proc/$postmaster/task/$postmaster/children")) 2>/dev/null || true; } |
    sed 's/.*) //' | awk -v hz="$(getconf CLK_TCK)" '{ ticks += $12 + $13 } NR == 1 { ticks += $14 + $15 } END { printf "%.2f\n", ticks / hz }'
}

# ---- under load

start_load() { # NAME SECONDS
  setsid "$postgres_bin/pgbench" --no-vacuum --skip-some-updates --rate="$rate" --client=8 --jobs=2 --time="$2" \
    --log --log-prefix="$work/$1.latency" --failures-detailed "$(conninfo run)" >"$work/$1.pgbench" 2>&1 &
  load_pid=$!
}

start_sampler() { # NAME
  "$postgres_bin/psql" --no-psqlrc --quiet --tuples-only --no-align --file="$bench/sample.sql" --dbname="$(conninfo postgres)" \
    >"$work/$1.samples" 2>/dev/null &
  sampler_pid=$!
}

# latencies NAME: "METRIC VALUE" lines about a load, in milliseconds; pgbench counts from the moment at which a transaction
# was due. A stall is a time in which no transaction ended.
latencies() {
  awk -F': ' '/number of failed transactions/ { print "failed", $2 + 0; exit }' "$work/$1.pgbench"
  cat "$work/$1.latency".[0-9]* | awk '$3 ~ /^[0-9]+$/ { print $3 / 1000 }' | sort --numeric-sort | awk '
    function at(p,  i) { i = int(NR * p + 0.999999); return v[i < 1 ? 1 : i] }
    { v[NR] = $1 }
    END { printf "transactions %d\np50 %.2f\np99 %.2f\np99.9 %.2f\nmax %.1f\n", NR, at(0.5), at(0.99), at(0.999), v[NR] }'
  cat "$work/$1.latency".[0-9]* | awk '$3 ~ /^[0-9]+$/ { printf "%.6f\n", $5 + $6 / 1e6 }' | sort --numeric-sort |
    awk 'NR > 1 && $1 - last > longest { longest = $1 - last } { last = $1 } END { printf "stall %.1f\n", longest * 1000 }'
}

# samples NAME: how long sessions of the load waited for locks, in milliseconds, and the highest lag of the standby.
samples() {
  awk -F'|' '
    NF != 4 { next }
    last && $2 > 0 { waiting += $1 - last }
    { last = $1; if ($3 > lag) lag = $3; if ($4 > bytes) bytes = $4 }
    END { printf "lock_waits %.0f\nlag %.2f\nlag_bytes %.0f\n", waiting * 1000, lag, bytes }' "$work/$1.samples"
}

# worst_by_time NAME FROM: "SECONDS MILLISECONDS", the worst latency of each quarter of a second, counted from the change's beginning.
worst_by_time() {
  cat "$work/$1.latency".[0-9]* | awk -v from="$2" '
    $3 ~ /^[0-9]+$/ { slot = int(($5 + $6 / 1e6 - from + 1000) * 4); if ($3 > worst[slot]) worst[slot] = $3 }
    END { for (slot in worst) printf "%.2f %.1f\n", slot / 4 - 1000, worst[slot] / 1000 }' | sort --numeric-sort
}

median() { sort --numeric-sort | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
