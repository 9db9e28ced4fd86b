#!/usr/bin/env bash
# Holds the direction of includes between the folders, which the architecture rests on:
#
#   config <- postgres <- plan <- { triggers, copier, cutover } <- daemon
#
# A folder may include itself and what stands to its left. triggers, copier and cutover do not know
# one another, only postgres includes libpq, and the client needs nothing of the server's side.
#
#   structure_test.sh [SOURCE DIRECTORY]     prints every include that points the wrong way; fails when there is one
set -euo pipefail
root=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}

declare -A may_include=(
  [config]='config'
  [postgres]='config postgres'
  [plan]='config postgres plan'
  [triggers]='config postgres plan triggers'
  [copier]='config postgres plan copier'
  [cutover]='config postgres plan cutover'
  [daemon]='config postgres plan triggers copier cutover daemon'
  [daemon/client]='config daemon/client'
)
folders='config|postgres|plan|triggers|copier|cutover|daemon|tests'
wrong=0

complain() { # FILE:LINE WHAT
  printf '%s: %s\n' "$1" "$2"
  wrong=$((wrong + 1))
}

# includes_of FOLDER PATTERN: "file:line:header" for every include in the folder whose header matches.
includes_of() {
  { grep --recursive --line-number --extended-regexp --include='*.hpp' --include='*.cpp' --include='*.h' \
    "^[[:space:]]*#[[:space:]]*include[[:space:]]*[\"<]$2" "$root/$1" || true; } |
    sed -E "s|^$root/||; s|^([^:]+:[0-9]+):[^\"<]*[\"<]([^\">]+)[\">].*|\1:\2|"
}

# part_of PATH: the part of the program that a file or header belongs to.
part_of() {
  case $1 in
    daemon/client/*) echo daemon/client ;;
    *) echo "${1%%/*}" ;;
  esac
}

seen=0
for folder in config postgres plan triggers copier cutover daemon; do
  [[ -d $root/$folder ]] || { complain "$folder" 'the folder is missing' && continue; }
  while IFS=: read -r file number header; do
    [[ -n $file ]] || continue
    seen=$((seen + 1))
    from=$(part_of "$file") to=$(part_of "$header")
    [[ " ${may_include[$from]} " == *" $to "* ]] || complain "$file:$number" "$from must not include $header"
  done < <(includes_of "$folder" "($folders)/")

  while IFS=: read -r file number header; do
    [[ -z $file ]] || complain "$file:$number" "includes are written from the root, not as $header"
  done < <(includes_of "$folder" '[^">]*\.\./')

  [[ $folder == postgres ]] && continue
  while IFS=: read -r file number header; do
    [[ -z $file ]] || complain "$file:$number" "only postgres includes $header"
  done < <(includes_of "$folder" '(.*/)?(libpq-fe|libpq-events|libpq/|pg_config|postgres_ext)')
done

# A test that finds no includes at all looks in the wrong place.
((seen > 0)) || complain "$root" 'no include between the folders was found'
((wrong == 0)) || { printf '%d includes point the wrong way\n' "$wrong" && exit 1; }
printf '%d includes between folders, all in the right direction\n' "$seen"
