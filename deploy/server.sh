# Private PostgreSQL servers, and the daemon on top of them: what deploy/demo and
# tests/bench/run share. To be sourced by bash, after lib.sh.
# shellcheck shell=bash disable=SC2154
#
# Everything lives in one directory that only its owner can enter; servers listen on Unix
# sockets in it and on nothing else, so that no port is taken and nobody else gets in.

# make_work_directory NAME: sets `work` to a new directory, and goes there, since the servers' user may not be
# allowed to be where the caller is.
make_work_directory() {
  work=$(mktemp --directory "/tmp/$1.XXXXXX")
  cd "$work" || die "cannot enter $work"
}

# create_server DATA [SETTING]...: a new cluster with the superuser "postgres"; the socket's directory is DATA.socket.
create_server() {
  local data=$1
  shift
  give_to_postgres "$work"
  as_postgres "$postgres_bin/initdb" --pgdata="$data" --username=postgres --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync >"$work/initdb.log" 2>&1 || die "initdb failed: $(tail -n 3 "$work/initdb.log")"
  printf '%s\n' "$@" | as_postgres tee --append "$data/postgresql.conf" >/dev/null
}

# start_server DATA
start_server() {
  local data=$1
  as_postgres mkdir --parents --mode=0700 "$data.socket"
  as_postgres "$postgres_bin/pg_ctl" start --pgdata="$data" --log="$data.log" --wait --silent \
    --options="-c listen_addresses='' -c unix_socket_directories='$data.socket'" >/dev/null ||
    die "the server did not start: $(as_postgres tail -n 5 "$data.log")"
}

# fill_wal CONNINFO SEGMENTS: gives a new server as many segments of write-ahead log as one has that has run for a
# while and recycles them (min_wal_size must allow for them). Without them it stops every commit each
# 16 MB to write a new file full of zeros, which would be blamed on whatever runs at the time.
fill_wal() {
  "$postgres_bin/psql" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname="$1" --output=/dev/null <<END
SELECT pg_logical_emit_message(false, 'fill_wal', ''), pg_switch_wal() FROM generate_series(1, $2);
CHECKPOINT;
END
}

# start_replica DATA PRIMARY: a streaming standby of the server in PRIMARY.
start_replica() {
  as_postgres "$postgres_bin/pg_basebackup" --pgdata="$1" --host="$2.socket" --username=postgres --write-recovery-conf \
    --checkpoint=fast --no-sync 2>"$work/basebackup.log" || die "pg_basebackup failed: $(cat "$work/basebackup.log")"
  start_server "$1"
}

# stop_server DATA: does nothing when there is none.
stop_server() {
  [[ -f $1/postmaster.pid ]] || return 0
  as_postgres "$postgres_bin/pg_ctl" stop --pgdata="$1" --mode=fast --wait --silent >/dev/null 2>&1 ||
    as_postgres "$postgres_bin/pg_ctl" stop --pgdata="$1" --mode=immediate --wait --silent >/dev/null 2>&1 || true
}

# stop_process PID [SIGNAL]: sends the signal (default TERM) and waits for the process's end.
stop_process() {
  [[ -n ${1:-} ]] || return 0
  kill -s "${2:-TERM}" "$1" 2>/dev/null || return 0
  wait "$1" 2>/dev/null || timeout 30 tail --pid="$1" --follow /dev/null || true
}

# free_port: a TCP port of this host on which nobody listens.
free_port() {
  local port
  for port in $(shuf --input-range=20000-32000 --head-count=50); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
  done
  die "no free TCP port found"
}

# start_daemon BIN CONNINFO: eidolond from the directory BIN with its socket in `work`; sets
# daemon_pid, EIDOLON_SOCKET and metrics_url, and returns when it leads the database.
start_daemon() {
  local port
  port=$(free_port)
  export EIDOLON_SOCKET=$work/eidolon.sock
  metrics_url=http://127.0.0.1:$port
  setsid "$1/eidolond" --dsn "$2" --socket "$EIDOLON_SOCKET" --http "127.0.0.1:$port" >"$work/eidolond.log" 2>&1 &
  daemon_pid=$!
  local tries
  for ((tries = 0; tries < 150; tries++)); do
    curl --silent --fail --output /dev/null "$metrics_url/readyz" && return
    kill -0 "$daemon_pid" 2>/dev/null || die "eidolond did not start: $(tail -n 5 "$work/eidolond.log")"
    sleep 0.1
  done
  die "eidolond was not ready after 15 seconds: $(tail -n 5 "$work/eidolond.log")"
}

# process_cost PID: peak resident memory in MB and CPU seconds of a running process, as "MB SECONDS".
process_cost() {
  local ticks
  ticks=$(sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }')
  awk -v ticks="$ticks" -v hz="$(getconf CLK_TCK)" '/^VmHWM/ { printf "%.1f %.2f\n", $2 / 1024, ticks / hz }' "/proc/$1/status"
}
