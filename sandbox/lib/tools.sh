# shellcheck shell=bash
# Programs and image layers that are built once, in folders whose names say from what: <name>-<key>.

# cached NAME KEY BUILD...: the folder in $CACHED, built by `BUILD... FOLDER` if it isn't there; whole or not at all
cached() {
  local name=$1 key=$2
  shift 2
  CACHED=$TOOLS/$name-$key
  if [[ -d $CACHED ]]; then return; fi
  mkdir -p "$TOOLS"
  exec 8>"$TOOLS/.lock" # another sandbox may be building the same
  flock 8
  if [[ ! -d $CACHED ]]; then cache "$name" "$@"; fi
  exec 8>&-
}

# cache NAME BUILD...
cache() {
  local name=$1 building=$TOOLS/.building-$1
  shift
  note "building $name, this once$(case $name in kube) echo ": some minutes" ;; esac)"
  check_disk
  rm -rf "$building" # what a killed run left
  mkdir "$building"
  step "built $name" "$CACHE/logs/$name.log" "$@" "$building"
  mv "$building" "$CACHED"
}

# a key for a folder's files and whatever else decides the result
key_of() {
  local folder=$1
  shift
  {
    printf '%s\n' "$@"
    cd "$folder" && find . \( -name target -o -name .git \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
  } | sha256sum | cut -c 1-12
}

module_version() { awk -v module="$2" '$1 == module { print $2 } $2 == module { print $3 }' "$SANDBOX/tools/$1/go.mod" | head -n 1; }

# go_tool NAME FOLDER LDFLAGS PACKAGE...
go_tool() {
  local name=$1 folder=$2 flags="-s -w $3"
  shift 3
  cached "$name" "$(key_of "$folder" "$GO_VERSION" "$flags" "$@")" go_build "$folder" "$flags" "$@"
}

go_build() {
  local folder=$1 flags=$2 output=${*: -1}
  ADVICE="if a download failed, check access to Go's module proxy (GOPROXY); then run it again, what is compiled stays compiled"
  CGO_ENABLED=0 go build -C "$folder" -trimpath -ldflags "$flags" -o "$output/" "${@:3:$#-3}" ||
    fail "it didn't compile"
}

tools_build() {
  local modules=$SANDBOX/tools version program
  GO_VERSION=$(cd "$modules/kube" && go version)
  mkdir -p "$TOOLS" "$PROGRAMS" "$BIN" "$PLUGIN"

  go_tool crane "$modules/crane" '' github.com/google/go-containerregistry/cmd/crane
  ln -sfn "$CACHED/crane" "$BIN/crane"

  version=$(module_version helm helm.sh/helm/v3)
  go_tool helm "$modules/helm" "-X helm.sh/helm/v3/internal/version.version=$version" helm.sh/helm/v3/cmd/helm
  ln -sfn "$CACHED/helm" "$BIN/helm"

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

  version=$(module_version pulumi github.com/pulumi/pulumi/sdk/v3)
  go_tool pulumi "$modules/pulumi" "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$version" \
    github.com/pulumi/pulumi/pkg/v3/cmd/pulumi github.com/pulumi/pulumi-java/pkg/cmd/pulumi-language-java
  PULUMI=$CACHED/pulumi
  ln -sfn "$CACHED/pulumi-language-java" "$BIN/pulumi-language-java"
}

plugin_build() {
  go_tool plugin "$SANDBOX/plugin" '' .
  ln -sfn "$CACHED"/* "$PLUGIN/pulumi-resource-kubernetes"
}
