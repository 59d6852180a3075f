# shellcheck shell=bash
# Checks requirements before anything is changed.

check_machine() {
  [[ $(uname -s) == Linux ]] ||
    fail "this is $(uname -s); the sandbox needs Linux" "use a Linux machine or virtual machine (Debian 12), or your own cluster: see README.md"
  [[ $EUID == 0 ]] ||
    fail "you are $(id -un), and network namespaces and containers need root" "run it as root: \`sudo -E ./sandbox/$(basename "$0")\`"
}

check_java() {
  local program version
  for program in java javac; do
    command -v $program >/dev/null ||
      fail "$program is not on PATH" "install a JDK 17 or later, for instance \`apt-get install openjdk-17-jdk-headless\`"
  done
  version=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')
  ((${version%%.*} >= 17)) || fail "java on PATH is version $version" "put a JDK 17 or later first on PATH"
  [[ -n $(jdk_25) ]] ||
    fail "no JDK 25 found in addition to the one on PATH" "install one below /usr/lib/jvm (for instance Temurin's package temurin-25-jdk) or set JAVA25_HOME"
}

# the first JDK 25 or later where Maven's toolchains plugin looks for one
jdk_25() {
  local home version
  for home in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")" \
    /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    if [[ ! -x $home/bin/jlink || ! -r $home/release ]]; then continue; fi
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if ((${version:-0} >= 25)); then
      printf '%s' "$home"
      return
    fi
  done
}

check_go() {
  command -v go >/dev/null || fail "Go is not on PATH" "install Go 1.25 or later from https://go.dev/dl and add its bin directory to PATH"
}

check_disk() {
  local directory free
  for directory in "$STATE" "$CACHE"; do
    while [[ ! -d $directory ]]; do directory=$(dirname "$directory"); done
    free=$(df --output=avail --block-size=1M "$directory" | tail -n 1)
    ((free >= 10 * 1024)) ||
      fail "the file system of $directory has $((free / 1024)) GB free; the sandbox needs 10 GB" "free some space, or set XDG_CACHE_HOME to a larger disk for the cache"
  done
}

# a sandbox of another checkout is never changed
check_owner() {
  local owner
  owner=$(cat "$STATE/checkout" 2>/dev/null) || return 0
  if [[ $owner == "$CHECKOUT" || ! -x $owner/sandbox/down ]]; then return 0; fi
  if any_running; then
    fail "the sandbox of another checkout is running on this machine: $owner" "use it from there, or stop it first with \`$owner/sandbox/down\`"
  fi
}
