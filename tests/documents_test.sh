#!/usr/bin/env bash
# Holds the documents to the code: settings, metrics, alerts, refusal codes, routes and transitions are
# the same in both, each found where the code has its one table of them; and the catalogue to the cases.
#
#   documents_test.sh [SOURCE DIRECTORY]
# shellcheck disable=SC2016
set -euo pipefail
shopt -s extglob
root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
failed=false

# same WHAT CODE DOCUMENT: both are lists, one a line, and must not be empty.
same() {
  local differences
  [[ -n $2 ]] || { echo "$1: nothing was found in the code" && failed=true; }
  differences=$({ diff <(sort -u <<<"$2") <(sort -u <<<"$3") || true; } | sed -n 's/^</only in the code:/p; s/^>/only in the document:/p')
  [[ -z $differences ]] || { printf '%s: %s\n' "$1" "${differences//$'\n'/$'\n'$1: }" && failed=true; }
}

# joined FILE...: the code in one line, so that it does not matter where clang-format breaks lines.
joined() { cat "$@" | tr --squeeze-repeats '\n ' ' '; }

# name|what it takes, of each setting
same docs/settings.md \
  "$(joined "$root/config/setting_table.cpp" |
    grep --only-matching --extended-regexp '\{"[a-z_]+", "([^"\\]|\\.)*",' |
    sed -E 's/^\{"([a-z_]+)", "(.*)",$/\1|\2/; s/\\"/"/g')" \
  "$(sed --quiet '/^## A job/,$ s/^| `\([a-z_]*\)` | [^|]* | \([^|]*\) |.*/\1|\2/p' "$root/docs/settings.md")"

same docs/metrics.md \
  "$(grep --only-matching --extended-regexp '"eidolon_[a-z_]+"' "$root/daemon/telemetry.cpp" | tr --delete '"')" \
  "$(sed --quiet 's/^| `\(eidolon_[a-z_]*\)` |.*/\1/p' "$root/docs/metrics.md")"

same docs/monitoring.md \
  "$(sed --quiet 's/^ *- alert: //p' "$root/deploy/prometheus/eidolon.rules.yml")" \
  "$(sed --quiet 's/^| `\(Eidolon[A-Za-z]*\)` |.*/\1/p' "$root/docs/monitoring.md")"

same docs/api.md \
  "$(grep --only-matching --extended-regexp '\{(get|post|patch|put|delete_), "[^"]+"' <(joined "$root/daemon/api/routes.cpp") |
    sed -E 's/\{([a-z]+)_?, "(.*)"/\U\1\E \2/')" \
  "$(sed --quiet 's/^| `\([A-Z]* \/[^`]*\)` |.*/\1/p' "$root/docs/api.md")"

# Codes of problems, other than refusals.
same docs/api.md \
  "$(joined "$root"/daemon/*.cpp "$root"/daemon/api/*.cpp |
    grep --only-matching --extended-regexp '(make_problem\( ?http::status::[a-z_]+|make\( ?[0-9]+), "[a-z_]+"' | cut --delimiter='"' --fields=2)" \
  "$(sed --quiet '/^| status/,/^$/p' "$root/docs/api.md" | grep --only-matching '`[a-z_]*_[a-z_]*`\|`stopping`' | tr --delete '`')"

same ARCHITECTURE.md \
  "$(joined "$root/daemon/states.hpp" | grep --only-matching --extended-regexp 'transition\{state::[a-z_]+, state::[a-z_]+, "[^"]*"\}' |
    sed -E 's/transition\{state::([a-z_]+), state::([a-z_]+), "(.*)"\}/\1|\2|\3/')" \
  "$(sed --quiet '/^## The life of a job/,/^## / s/^| \([a-z_]*\) | \([a-z_]*\) | \(.\+\) |$/\1|\2|\3/p' "$root/ARCHITECTURE.md")"

# Codes are written where a refusal is made, {"code", "Sentence…" or fmt::format(…, and where a dependent is classified.
same docs/refusals.md \
  "$(joined "$root"/plan/!(as_owner).cpp "$root"/plan/refusals/*.cpp |
    grep --only-matching --extended-regexp '\{"[a-z_]+", (fmt::format|"[A-Z])' | cut --delimiter='"' --fields=2
    sed '/ AS kind/q' "$root/plan/sql/dependents.sql" | sed "s/= '[a-z]*' THEN/THEN/g" |
    grep --only-matching --extended-regexp "(THEN|ELSE) '[a-z_]+'" | cut --delimiter="'" --fields=2)" \
  "$(grep '^|' "$root/docs/refusals.md" | sed -E 's/^\| ([^|]*)\|.*/\1/' | grep --only-matching --extended-regexp '`[a-z_]+`' | tr --delete '`')"

# Cases and codes of the catalogue, its last and its second column. A case may be left out, but what is named is there.
rows=$(grep --extended-regexp '^\|([^|]*\|){4}$' "$root/docs/carried_over.md")
cases=$(sed -E 's/.*\| ([^|]*) \|$/\1/' <<<"$rows" | grep --only-matching --extended-regexp '`[a-z0-9_]+`' | tr --delete '`')
for name in $cases; do
  [[ -f $root/tests/cases/$name/alter.sql ]] || { echo "docs/carried_over.md: there is no case $name" && failed=true; }
done
codes=$(grep --only-matching --extended-regexp 'refused \([^)]*\)' <<<"$rows" | grep --only-matching --extended-regexp '`[a-z_]+`')
for code in $codes; do
  grep --quiet "^|[^|]*$code" "$root/docs/refusals.md" || { echo "docs/carried_over.md: no refusal has the code $code" && failed=true; }
done
[[ -n $cases && -n $codes ]] || { echo 'docs/carried_over.md: nothing was found in it' && failed=true; }

[[ $failed == false ]] || exit 1
echo 'the documents agree with the code'
