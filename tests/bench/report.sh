# Turns the measurements in `work` into Markdown. To be sourced by bash, after measure.sh.
# shellcheck shell=bash disable=SC2154

seconds_row() { # NAME FILE BASE
  local middle
  middle=$(median <"$2")
  printf '| %s | %s | %s | %s |\n' "$1" "$middle" "$(awk -v a="$middle" -v b="$3" 'BEGIN { printf "%.2f", a / b }')" \
    "$(paste --serial --delimiters=' ' "$2")"
}

latency_rows() { # NAME FILE
  local round
  for ((round = 1; round <= runs; round++)); do
    sed --quiet "${round}p" "$2" | awk -v name="$1" -v round="$round" \
      '{ printf "| %d | %s | %d | %s | %s | %s | %s | %s |\n", round, name, $1, $2, $3, $4, $5, $6 }'
  done
}

from_jobs() { # PREFIX JQ-FILTER: the filter's value for each round
  local round
  for ((round = 1; round <= runs; round++)); do
    jq --raw-output "$2" "$work/$1.$round.json"
  done
}

costs() { cat "$work/$1".*.cost 2>/dev/null | awk -v field="$2" '{ print $field }'; }
in_a_row() { paste --serial --delimiters=' '; }

report_idle() {
  local base
  base=$(median <"$work/idle.alter")
  cat <<END
## An idle server: how long the whole job takes

\`pgbench_accounts\` at scale $scale, \`ALTER COLUMN aid TYPE bigint\`, $runs runs of each in turn. Eidolon runs with \`verify=off\` and
\`keep_old=0s\`, from the submission to the state *done*, with the old table dropped; ALTER TABLE locks the table for
all of its time; pg_repack only rewrites the table and changes no type.

| | median, s | against ALTER TABLE | all runs, s |
| --- | --- | --- | --- |
$(seconds_row 'ALTER TABLE, blocking' "$work/idle.alter" "$base")
$(seconds_row 'Eidolon' "$work/idle.eidolon" "$base")
$([[ $with_repack == false ]] || seconds_row "$("$postgres_bin/pg_repack" --version), --no-order" "$work/idle.repack" "$base")

Eidolon's time by state, median of the runs: $(report_states idle).
END
}

report_states() { # PREFIX
  jq --slurp --raw-output '
    def median: sort | if length % 2 == 1 then .[(length - 1) / 2] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
    [.[].timings.states | to_entries[]] | group_by(.key) | map({key: .[0].key, value: (map(.value) | median)})
    | map(select(.value >= 0.01)) | sort_by(-.value) | map("\(.key) \(.value * 100 | round / 100) s") | join(", ")' "$work/$1".*.json
}

report_loaded() {
  cat <<END
## Under load: what the application notices

\`pgbench -N -R $rate -c 8\`: a load with a job in it (verification on, from 5 s before the job to 5 s after it), then a load
of the same length without one, $runs times in turn. Latencies in milliseconds, counted from the moment at which a transaction was due.

| round | | transactions | p50 | p99 | p99.9 | max | failed |
| --- | --- | --- | --- | --- | --- | --- | --- |
$(latency_rows 'without a job' "$work/loaded.quiet")
$(latency_rows 'with a job' "$work/loaded.job")

- Worst latency, largest of the runs: $(awk '{ print $5 }' "$work/loaded.quiet" | sort -n | tail -n 1) ms without a job, $(awk '{ print $5 }' "$work/loaded.job" | sort -n | tail -n 1) ms with one.
- Locks of the cutover held, from the last one granted to the commit: $(from_jobs job '.timings.cutover_held_seconds * 10000 | round / 10' | in_a_row) ms.
- The application blocked by the daemon in all, as the daemon counts it: $(from_jobs job '.timings.blocked_application_seconds * 10000 | round / 10' | in_a_row) ms.
- The jobs took $(cat "$work"/job.*.seconds | in_a_row) s; by state, median: $(report_states job).
END
}

report_daemon() {
  cat <<END
## The daemon itself

| | idle server | under load |
| --- | --- | --- |
| peak resident memory, MB | $(costs idle 1 | in_a_row) | $(costs job 1 | in_a_row) |
| CPU, s a job | $(costs idle 2 | in_a_row) | $(costs job 2 | in_a_row) |
| CPU, % of a core over the job | $(costs idle 3 | in_a_row) | $(costs job 3 | in_a_row) |
END
}

report() {
  local setting
  cat <<END
# Benchmarks

Measured by \`tests/bench/run\`; it writes this file. Runs alternate, so a slow minute of the machine hits every candidate.

- $(date --utc +%Y-%m-%d), commit $(git -C "$eidolon_root" describe --always --dirty 2>/dev/null || echo unknown)
- $(nproc) cores ($(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)), $(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GB of memory; load, daemon and server share them
- PostgreSQL $(psql_in postgres --command='SHOW server_version'): $(for setting in "${settings[@]}"; do printf "%s; " "${setting// = /=}"; done)the rest as initdb leaves it. Its write-ahead log has 4 GB of segments to recycle, like that of a server that has run for a while
- Load average of the machine at the end of the runs: $(cut -d' ' -f1-3 /proc/loadavg)

$([[ $only == load ]] || report_idle)

$([[ $only == idle ]] || report_loaded)

$(report_daemon)
END
}
