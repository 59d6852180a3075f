# shellcheck shell=bash
# The images in the sandbox's registry. Each has one layer, which the tool cache keeps.

readonly JAVA_MODULES=java.base,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,\
jdk.crypto.cryptoki,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs

images_build() {
  JDK_25=$(jdk_25)
  cached image-pause "$(basename "$PAUSE" | cut -d- -f2)" layer_pause
  LAYER_PAUSE=$CACHED/layer.tar.gz
  cached image-java "$(cat "$JDK_25/release" <(ldd --version) <(declare -f layer_java c_library) <(echo $JAVA_MODULES) | sha256sum | cut -c 1-12)" layer_java
  LAYER_JAVA=$CACHED/layer.tar.gz
  cached image-glibc "$(cat "$JDK_25/release" <(ldd --version) <(declare -f layer_glibc c_library) | sha256sum | cut -c 1-12)" layer_glibc
  LAYER_GLIBC=$CACHED/layer.tar.gz
}

stand_ins_build() {
  STAND_INS_TAG=$(key_of "$SANDBOX/stand-ins")
  cached image-stand-ins "$STAND_INS_TAG" layer_stand_ins
  LAYER_STAND_INS=$CACHED/layer.tar.gz
}

# pack DIRECTORY ARCHIVE: reproducible
pack() {
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$1" -c . | gzip -n -6 >"$2"
  rm -rf "$1"
}

layer_pause() {
  mkdir "$1/files"
  cp "$PAUSE/pause" "$1/files/pause"
  pack "$1/files" "$1/layer.tar.gz"
}

# c_library ROOT FILE...: copies the parts of this machine's C library that the files need, and a few files that programs expect
c_library() {
  local root=$1 library
  shift
  mkdir -p "$root"/{etc/ssl/certs,home/nonroot,tmp}
  for library in $(ldd "$@" | grep -o '/[^ :]*\.so[^ :]*' | grep -v -e "^$root" -e "^$JDK_25" | sort -u) /lib/*-linux-gnu/libgcc_s.so.1; do
    if [[ -e $library ]]; then install -D "$library" "$root$library"; fi
  done
  printf 'root:x:0:0::/:/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnonroot:x:65532:\n' >"$root/etc/group"
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  if [[ -e /etc/ssl/certs/ca-certificates.crt ]]; then cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"; fi
  chmod -R go+rX "$root"
  chmod 1777 "$root/tmp"
}

# base of the proxy's image, instead of a public image with only a C library
layer_glibc() {
  c_library "$1/files" "$JDK_25"/bin/java "$JDK_25"/lib/{libjava,libnet,libnio,libzip,server/libjvm}.so
  pack "$1/files" "$1/layer.tar.gz"
}

# base of the stand-ins' image: a Java runtime
layer_java() {
  local root=$1/files programs
  mkdir -p "$root/opt"
  "$JDK_25/bin/jlink" --add-modules "$JAVA_MODULES" --output "$root/opt/java" \
    --strip-java-debug-attributes --no-header-files --no-man-pages --generate-cds-archive
  readarray -t programs < <(find "$root/opt/java" \( -name java -o -name '*.so' \))
  LD_LIBRARY_PATH=$root/opt/java/lib:$root/opt/java/lib/server c_library "$root" "${programs[@]}"
  pack "$root" "$1/layer.tar.gz"
}

layer_stand_ins() {
  local target=$SANDBOX/stand-ins/target
  maven -f "$SANDBOX/stand-ins/pom.xml" -DskipTests package
  mkdir -p "$1/files/app"
  cp "$target"/*.jar "$1/files/app/"
  if [[ -d $target/lib ]]; then cp -r "$target/lib" "$1/files/app/lib"; fi
  chmod -R go+rX "$1/files"
  pack "$1/files" "$1/layer.tar.gz"
}

maven() {
  ADVICE="if a download failed, check access to Maven Central (or the mirror in ~/.m2/settings.xml); then run it again"
  "$CHECKOUT/mvnw" -q -B -ntp "$@" || fail "Maven's build failed"
}

images_push() {
  push pause:1 "$LAYER_PAUSE" '' --entrypoint /pause
  push glibc:1 "$LAYER_GLIBC" '' --user 65532
  push java:25 "$LAYER_JAVA" '' --entrypoint java --user 65532 --env PATH=/opt/java/bin:/usr/bin:/bin --env JAVA_HOME=/opt/java
}

# push IMAGE LAYER BASE SETTING...: does nothing if the registry has it with this layer
push() {
  local image=$REGISTRY/sandbox/$1 layer=$2 base=${3:+$REGISTRY/sandbox/$3} stamp=$STATE/images/$1
  shift 3
  if [[ $(cat "$stamp" 2>/dev/null) == "$layer" ]] && "$BIN/crane" digest "$image" >/dev/null 2>&1; then return; fi
  "$BIN/crane" append ${base:+--base "$base"} --new_layer "$layer" --new_tag "$image"
  if (($#)); then "$BIN/crane" mutate --set-platform "linux/$(go env GOARCH)" --tag "$image" "$@" "$image"; fi
  mkdir -p "$(dirname "$stamp")"
  printf '%s' "$layer" >"$stamp"
}
