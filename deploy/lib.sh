# Shell functions that tests/run, deploy/demo and tests/bench share. To be sourced by bash.
#
# They install what is missing, find PostgreSQL's programs and run them as a user that
# they agree to run as: PostgreSQL's server refuses to run as root.

eidolon_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# packages_for USE...: the packages under these headings of packages.txt.
packages_for() {
  awk -v uses=" $* " '
    { sub(/#.*/, ""); gsub(/[ \t]/, "") }
    /^\[/ { use = substr($0, 2, length($0) - 2); next }
    $0 != "" && index(uses, " " use " ") && !seen[$0]++' "$eidolon_root/deploy/packages.txt"
}

package_is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    command -v sudo >/dev/null || die "this needs root or sudo: $*"
    sudo "$@"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet --option DPkg::Lock::Timeout=300 "$@" </dev/null >&2
}

# install_packages USE...: installs what of it is missing, and only that. A server that is
# installed here gets no cluster of its own and is not started: everything that needs one starts a private one.
install_packages() {
  local missing=() package
  for package in $(packages_for "$@"); do
    package_is_installed "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "Installing ${missing[*]}"
  apt update || say "apt-get update failed; trying with the lists that are here"
  local no_cluster=/etc/postgresql-common/createcluster.d/eidolon.conf no_start=/usr/sbin/policy-rc.d
  (
    [[ ! -e $no_start ]] || no_start=''
    trap 'as_root rm -f "$no_cluster" ${no_start:+"$no_start"}' EXIT
    trap 'exit 130' INT TERM HUP
    as_root mkdir -p "$(dirname "$no_cluster")"
    as_root sh -c "echo 'create_main_cluster = false' > $no_cluster"
    [[ -z $no_start ]] || as_root sh -c "printf '#!/bin/sh\\nexit 101\\n' > $no_start && chmod +x $no_start"
    apt install --yes --no-install-recommends "${missing[@]}"
  ) || die "apt-get could not install ${missing[*]}"
  for package in prometheus pgbouncer; do # nor at the next boot
    [[ " ${missing[*]} " != *" $package "* ]] || as_root systemctl --quiet disable "$package" >/dev/null 2>&1 || true
  done
}

# find_postgres: sets postgres_bin to the newest directory with a server's programs, unless it is set.
find_postgres() {
  [[ -n ${postgres_bin:-} ]] && return
  local candidate
  for candidate in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse); do
    [[ -x $candidate/initdb ]] && postgres_bin=$candidate && return
  done
  die "no PostgreSQL server programs in /usr/lib/postgresql"
}

# as_postgres COMMAND...: runs it as the user that owns private servers: postgres for root, oneself otherwise.
as_postgres() {
  if ((EUID == 0)); then
    runuser --user postgres -- "$@"
  else
    "$@"
  fi
}

# give_to_postgres PATH...: makes it the property of that user.
give_to_postgres() {
  ((EUID != 0)) || chown --recursive postgres: "$@"
}

# build_preset PRESET [TARGET...]: configures and builds it, quietly unless it fails.
build_preset() {
  local preset=$1
  shift
  (cd "$eidolon_root" && cmake --preset "$preset" >&2 && cmake --build --preset "$preset" ${1:+--target "$@"} >&2)
}
