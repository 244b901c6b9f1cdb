# What the scripts need from Debian, and how they get it. Sourced by the scripts beside this folder.

# To compile.
DEBIAN_BUILD="gcc libc6-dev make cmake pkg-config libfcgi-dev libhiredis-dev libjson-c-dev
libjwt-dev libssl-dev libcurl4-openssl-dev libgumbo-dev libpsl-dev
libexpat1-dev libpcre2-dev libyaml-dev"
# To run a private stack behind nginx; the other web servers are asked for when chosen.
DEBIAN_RUN="redis-server spawn-fcgi ca-certificates publicsuffix nginx"
DEBIAN_RUN_lighttpd="lighttpd"
DEBIAN_RUN_apache="apache2"
DEBIAN_RUN_apache_fcgid="apache2 libapache2-mod-fcgid"
# To run every test.
DEBIAN_TEST="$DEBIAN_RUN $DEBIAN_RUN_lighttpd $DEBIAN_RUN_apache_fcgid binutils libcmocka-dev
systemd libseccomp2 util-linux iproute2 nftables redis-sentinel stunnel4 libfaketime
clang clang-format-14 spin python3 python3-pytest python3-jsonschema python3-brotli openssl gnutls-bin sslscan nmap linkchecker curl git"
# Beyond that, for test --full: the fuzzers' run time, a second opinion that takes long.
DEBIAN_FULL="libclang-rt-14-dev testssl.sh dokuwiki php-cli python3-httpbin libxslt1-dev"

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "${0##*/}: $*"
    exit 1
}

# debian_missing PACKAGE...: prints those that are not installed.
debian_missing() {
    local package
    for package; do
        dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^.i' ||
            printf '%s\n' "$package"
    done
}

# debian_need PACKAGE...: installs what is missing, as root or through sudo, or says what to install.
# Services that come with a package are not started: only their programs are wanted here.
debian_need() {
    local missing as_root=
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
        die "this is not Debian; provide the equivalents of: $*"
    missing=$(debian_missing "$@" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; } ||
            die "missing packages, and neither root nor sudo to install them. Please run as root:
    apt-get install --no-install-recommends $missing"
        as_root=sudo
    fi
    say "installing from Debian: $missing"
    $as_root sh -s -- $missing >&2 <<'INSTALL' ||
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" || exit 1
    trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp) || exit 1
apt-get update -qq >"$log" 2>&1 || echo "apt-get update failed; trying with the lists at hand"
apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" </dev/null >>"$log" 2>&1
failed=$?
[ "$failed" = 0 ] || tail -n 40 "$log"
rm -f "$log"
exit "$failed"
INSTALL
        die "apt-get could not install: $missing"
}

# need_proc: a bare chroot has no /proc, without which nothing can be watched or confined.
need_proc() {
    [ ! -e /proc/self/stat ] || return 0
    [ "$(id -u)" = 0 ] && mount -t proc proc /proc 2>/dev/null ||
        die "/proc is not there. Please run as root: mount -t proc proc /proc"
    say "mounted /proc, which was not there"
}
