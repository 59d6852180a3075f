# shellcheck shell=bash
# Programs and image layers that are built once, in directories named <name>-<key> after their inputs.

# cached NAME KEY BUILD...: sets $CACHED to the directory, built atomically by `BUILD... DIRECTORY` if it does not exist
cached() {
  local name=$1 key=$2
  shift 2
  CACHED=$TOOLS/$name-$key
  if [[ -d $CACHED ]]; then return; fi
  mkdir -p "$TOOLS"
  exec 8>"$TOOLS/.lock" # another sandbox may be building the same tool
  flock 8
  if [[ ! -d $CACHED ]]; then cache "$name" "$@"; fi
  exec 8>&-
}

# cache NAME BUILD...
cache() {
  local name=$1 building=$TOOLS/.building-$1
  shift
  note "building $name, once$(case $name in kube | pulumi) echo ", which takes minutes" ;; esac)"
  check_disk
  rm -rf "$building" # left by a killed run
  mkdir "$building"
  step "built $name" "$CACHE/logs/$name.log" "$@" "$building"
  mv "$building" "$CACHED"
}

# a key of a directory's files and all other inputs
key_of() {
  local directory=$1
  shift
  {
    printf '%s\n' "$@"
    cd "$directory" && find . \( -name target -o -name .git \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
  } | sha256sum | cut -c 1-12
}

module_version() { awk -v module="$2" '$1 == module { print $2 } $2 == module { print $3 }' "$SANDBOX/tools/$1/go.mod" | head -n 1; }

# go_tool NAME DIRECTORY LDFLAGS PACKAGE...
go_tool() {
  local name=$1 directory=$2 flags="-s -w $3"
  shift 3
  cached "$name" "$(key_of "$directory" "$GO_VERSION" "$flags" "$@")" go_build "$directory" "$flags" "$@"
}

go_build() {
  local directory=$1 flags=$2 output=${*: -1}
  ADVICE="if a download failed, check access to Go's module proxy (GOPROXY); then run it again: compiled packages are kept"
  CGO_ENABLED=0 go build -C "$directory" -trimpath -ldflags "$flags" -o "$output/" "${@:3:$#-3}" ||
    fail "the compilation failed"
}

# like go_build, in a copy with the provider's schema, which Go embeds only from the directory of the program
pulumi_build() {
  local directory=$1 output=${*: -1} provider
  provider=$(go mod download -C "$directory" -json github.com/pulumi/pulumi-kubernetes/provider/v4 | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  cp -r "$directory" "$output/src"
  cp "$provider/cmd/pulumi-resource-kubernetes/schema.json" "$output/src/pulumi-resource-kubernetes/"
  go_build "$output/src" "${@:2}"
  chmod -R u+w "$output/src"
  rm -r "$output/src"
}

# downloads the modules of the two large builds in the background, while packages are installed
modules_fetch() {
  if compgen -G "$TOOLS/pulumi-*" >/dev/null; then return; fi
  mkdir -p "$CACHE/logs"
  (
    exec 3>&- 4>&- 9>&-
    set +e
    for module in kube pulumi; do go list -C "$SANDBOX/tools/$module" -e -deps -tags tools ./...; done
  ) </dev/null >"$CACHE/logs/modules.log" 2>&1 &
}

tools_build() {
  local modules=$SANDBOX/tools version program
  GO_VERSION=$(cd "$modules/kube" && go version)
  mkdir -p "$TOOLS" "$PROGRAMS" "$BIN"

  go_tool crane "$modules/crane" '' github.com/google/go-containerregistry/cmd/crane
  ln -sfn "$CACHED/crane" "$BIN/crane"

  go_tool pause "$modules/pause" '' .
  PAUSE=$CACHED

  version=$(module_version kube k8s.io/kubernetes)
  go_tool kube "$modules/kube" "-X k8s.io/component-base/version.gitVersion=$version \
-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=$(cut -d. -f2 <<<"$version")" .
  for program in kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubeadm; do
    ln -sfn "$CACHED/kube" "$PROGRAMS/$program"
  done
  ln -sfn "$CACHED/kube" "$BIN/kubectl"

  go_tool coredns "$modules/coredns" '' .
  ln -sfn "$CACHED/coredns" "$PROGRAMS/coredns"

  pulumi_tools "$modules/pulumi"
}

# Pulumi, its language host, the official Kubernetes provider and Helm are one module, so that shared packages are compiled once
pulumi_tools() {
  local flags
  flags="-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$(module_version pulumi github.com/pulumi/pulumi/pkg/v3) \
-X github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=$KUBERNETES_PROVIDER_VERSION \
-X helm.sh/helm/v3/internal/version.version=$(module_version pulumi helm.sh/helm/v3)"
  set -- "$1" "$flags" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java \
    helm.sh/helm/v3/cmd/helm ./pulumi-resource-kubernetes
  cached pulumi "$(key_of "$1" "$GO_VERSION" "$(declare -f pulumi_build)" "${@:2}")" pulumi_build "$@"
  PULUMI=$CACHED/pulumi
  ln -sfn "$CACHED/pulumi-language-java" "$BIN/pulumi-language-java"
  ln -sfn "$CACHED/helm" "$BIN/helm"
  mkdir -p "$(dirname "$KUBERNETES_PROVIDER")"
  ln -sfn "$CACHED/pulumi-resource-kubernetes" "$KUBERNETES_PROVIDER"
}
