# What tests/bench/run compares: ways to get to the same table with a wider key. To be sourced by bash, after measure.sh.
# shellcheck shell=bash disable=SC2154
#
# One candidate a line: in which part it takes part, its name, what it is called in the report, and for Eidolon its settings.
# A candidate with a setting that this daemon does not know is left out, with a word.
candidates='
idle|alter|ALTER TABLE, blocking
idle|floor|INSERT … SELECT and an index, nothing else
idle|repack|pg_repack, --no-order
idle|eidolon|Eidolon|verify=off keep_old=0s
idle|eidolon_verified|Eidolon, verify=full|verify=full keep_old=0s
idle|eidolon_one|Eidolon, workers=1|verify=off workers=1 keep_old=0s
idle|eidolon_insert|Eidolon, copy_method=insert|verify=off copy_method=insert keep_old=0s
idle|eidolon_stream|Eidolon, copy_method=stream|verify=off copy_method=stream keep_old=0s
idle|eidolon_stream_one|Eidolon, copy_method=stream, workers=1|verify=off copy_method=stream workers=1 keep_old=0s
load|eidolon|Eidolon, verify=full|verify=full
load|eidolon_unverified|Eidolon, verify=off|verify=off
load|eidolon_one|Eidolon, verify=full, workers=1|verify=full workers=1
load|eidolon_before|Eidolon, verify=off, indexes=before|verify=off indexes=before
load|eidolon_gentle|Eidolon, verify=full, indexes=before, workers=1, copy_ratio=0.5|verify=full indexes=before workers=1 copy_ratio=0.5
load|eidolon_stream|Eidolon, verify=full, copy_method=stream|verify=full copy_method=stream
load|alter|ALTER TABLE, blocking
load|floor|INSERT … SELECT and an index, nothing else
load|repack|pg_repack, --no-order
load|eidolon_dropping|Eidolon, verify=off, keep_old=0s|verify=off keep_old=0s
load|quiet|nothing
standby|eidolon|Eidolon, verify=full|verify=full
standby|alter|ALTER TABLE, blocking
standby|repack|pg_repack, --no-order
standby|quiet|nothing'

# choose_candidates: leaves in `candidates` those that can run here, and says which cannot.
choose_candidates() {
  knows_setting verify=off || die 'eidolond does not take a configuration with verify = "off"'
  local chosen='' part name title settings reason
  while IFS='|' read -r part name title settings; do
    [[ -n $part ]] || continue
    reason=$(why_not "$name" "$settings")
    if [[ -n $reason ]]; then
      say "$part: $title is left out: $reason"
    else
      chosen+="$part|$name|$title|$settings"$'\n'
    fi
  done <<<"$candidates"
  candidates=$chosen
}

why_not() { # NAME SETTINGS
  [[ $1 != repack || $with_repack == true ]] || echo 'pg_repack is not installed'
  local setting
  for setting in $2; do
    knows_setting "$setting" || { echo "this eidolond does not know $setting" && return; }
  done
}

# knows_setting K=V: whether the daemon takes it for a default.
knows_setting() {
  local value=${1#*=}
  [[ $value =~ ^[0-9.]+$ ]] || value="\"$value\""
  printf '[[database]]\nname = "main"\ndsn = "dbname=run"\n[defaults]\n%s = %s\n' "${1%%=*}" "$value" >"$work/defaults.toml"
  "$bin/eidolond" --config "$work/defaults.toml" --check-config >/dev/null 2>&1
}

candidates_of() { # PART: name|settings, a line each
  awk -F'|' -v part="$1" '$1 == part { print $2 "|" $4 }' <<<"$candidates"
}

# make_ready NAME: what has to be there before the clock starts.
make_ready() {
  [[ $1 != eidolon* ]] || start_daemon "$bin" "$(conninfo run)"
}

tidy_up() {
  stop_process "$daemon_pid"
  daemon_pid=''
}

# change NAME RUN SETTING...: gives pgbench_accounts its wider key, and prints the seconds that took.
change() {
  local name=$1 from
  shift
  from=$(now)
  case $name in
    alter) psql_in run --command='ALTER TABLE public.pgbench_accounts ALTER COLUMN aid TYPE bigint' ;;
    repack)
      "$postgres_bin/pg_repack" --dbname=run --host="$work/primary.socket" --username=postgres --no-order \
        --table=public.pgbench_accounts >"$work/repack.log" 2>&1 || die "pg_repack failed: $(tail -n 3 "$work/repack.log")"
      ;;
    floor)
      psql_in run <<'END'
CREATE TABLE public.floor (LIKE public.pgbench_accounts INCLUDING STORAGE);
ALTER TABLE public.floor ALTER COLUMN aid TYPE bigint;
INSERT INTO public.floor SELECT * FROM public.pgbench_accounts;
ALTER TABLE public.floor ADD PRIMARY KEY (aid);
END
      ;;
    eidolon*)
      run_job "$@"
      return
      ;;
  esac
  since "$from"
}
