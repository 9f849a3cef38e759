# shellcheck shell=bash
# What a build needs from the system. Sourced by the scripts beside it.

# Libraries that the agent is linked with.
# shellcheck disable=SC2034  # The scripts use it.
build_packages=(libyaml-dev libhiredis-dev libsqlite3-dev libsimdjson-dev zlib1g-dev libzstd-dev libre2-dev)

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

require_swift() {
    command -v swift >/dev/null || fail "swift is not on the PATH" \
        "Install Swift 6.2 or newer: https://www.swift.org/install/linux/"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    [[ -n $version ]] || fail "'swift --version' does not tell a version"
    [[ ${version%%.*} -gt 6 || (${version%%.*} -eq 6 && ${version#*.} -ge 2) ]] ||
        fail "Swift $version is too old: 6.2 or newer is needed" "https://www.swift.org/install/linux/"
}

# Installs the Debian packages that are missing, or says how to.
require_packages() {
    if ! command -v dpkg-query >/dev/null; then
        printf 'This is not Debian. The build needs what these packages hold there: %s\n' "$*" >&2
        return
    fi
    local package missing=()
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0

    local as_root=()
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null || fail "these packages are missing: ${missing[*]}" \
            "Install them, then start again: sudo apt-get install -y ${missing[*]}"
        as_root=(sudo -n)
    fi
    say "Installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    # A mirror that does not answer for a moment must not fail a build.
    "${as_root[@]}" apt-get -o Acquire::Retries=3 -qq update
    "${as_root[@]}" apt-get -o Acquire::Retries=3 -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
}
