# shellcheck shell=bash
# A Kubernetes cluster of one node. Each component is a process in the sandbox's network namespace.

cluster_start() {
  local key=$STATE/pki node=$NODE_ADDRESS
  boot_id >"$STATE/boot"
  mkdir -p "$RUN" "$STATE"/{registry,cni,kubelet}
  network_create
  cgroup_create
  configurations_render

  start registry "$BIN/crane" registry serve --address "$REGISTRY" --disk "$STATE/registry"
  start containerd containerd --config "$STATE/cluster/containerd.toml"
  ETCD_UNSUPPORTED_ARCH=$(go env GOARCH) start etcd etcd --data-dir "$STATE/etcd" --unsafe-no-fsync \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
  certificates_create
  start kube-apiserver "$PROGRAMS/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
    --advertise-address="$node" --secure-port=6443 --service-cluster-ip-range="$SERVICE_RANGE" \
    --authorization-mode=Node,RBAC --allow-privileged=true --kubelet-preferred-address-types=InternalIP \
    --client-ca-file="$key/ca.crt" --tls-cert-file="$key/apiserver.crt" --tls-private-key-file="$key/apiserver.key" \
    --kubelet-client-certificate="$key/apiserver-kubelet-client.crt" --kubelet-client-key="$key/apiserver-kubelet-client.key" \
    --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$key/sa.pub" --service-account-signing-key-file="$key/sa.key" \
    --requestheader-client-ca-file="$key/front-proxy-ca.crt" --requestheader-allowed-names=front-proxy-client \
    --proxy-client-cert-file="$key/front-proxy-client.crt" --proxy-client-key-file="$key/front-proxy-client.key" \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
    --requestheader-username-headers=X-Remote-User
  wait_for registry 20 port_open 5000
  images_push
  wait_for etcd 30 inside port_open 2379 127.0.0.1
  wait_for kube-apiserver 60 kubectl_admin get --raw /readyz
  wait_for containerd 30 test -S "$RUN/containerd.sock"

  start kubelet "$PROGRAMS/kubelet" --config="$STATE/cluster/kubelet.yaml" --kubeconfig="$STATE/kubeconfigs/kubelet.conf" \
    --hostname-override=node --node-ip="$node" --root-dir="$STATE/kubelet" --cert-dir="$STATE/kubelet/pki"
  start kube-controller-manager "$PROGRAMS/kube-controller-manager" --kubeconfig="$STATE/kubeconfigs/controller-manager.conf" \
    --allocate-node-cidrs=true --cluster-cidr="$POD_RANGE" --service-cluster-ip-range="$SERVICE_RANGE" \
    --root-ca-file="$key/ca.crt" --cluster-signing-cert-file="$key/ca.crt" --cluster-signing-key-file="$key/ca.key" \
    --cert-dir="$STATE/controller-manager" --flex-volume-plugin-dir="$STATE/kubelet/volume-plugins" \
    --service-account-private-key-file="$key/sa.key" --use-service-account-credentials=true --leader-elect=false
  start kube-scheduler "$PROGRAMS/kube-scheduler" --kubeconfig="$STATE/kubeconfigs/scheduler.conf" \
    --cert-dir="$STATE/scheduler" --leader-elect=false
  start kube-proxy "$PROGRAMS/kube-proxy" --config="$STATE/cluster/kube-proxy.yaml"
  start coredns "$PROGRAMS/coredns" -conf "$STATE/cluster/Corefile"
  objects_create

  wait_for kube-controller-manager 60 kubectl_admin get serviceaccount default
  wait_for kube-scheduler 60 inside port_open 10259 127.0.0.1
  wait_for kube-proxy 60 inside port_open 10256 127.0.0.1
  wait_for coredns 60 inside curl -sf http://127.0.0.1:8181/ready
  wait_for kubelet 60 inside port_open 10248 127.0.0.1
  wait_for kubelet 90 node_is_ready
}

boot_id() { cat /proc/sys/kernel/random/boot_id; }

# whether a cluster was started since the machine booted, so that only exited components must be restarted
cluster_can_go_on() { [[ -e $STATE/complete && $(cat "$STATE/boot" 2>/dev/null) == "$(boot_id)" ]] && network_is_whole; }

inside() { nsenter --net="/run/netns/$NETWORK_NAMESPACE" "$BASH" -c "$(declare -f port_open); $(printf '%q ' "$@")"; }

port_open() { (exec 5<>"/dev/tcp/${2:-$NODE_ADDRESS}/$1") 2>/dev/null; }

kubectl_admin() { "$BIN/kubectl" --kubeconfig "$ADMIN_KUBECONFIG" --cache-dir "$STATE/kubectl-cache" "$@"; }

node_is_ready() { [[ $(kubectl_admin get node node -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]]; }

# once per cluster: kube-proxy exits when its file changes
configurations_render() {
  local file
  if [[ -e $STATE/complete ]]; then return; fi
  mkdir -p "$STATE/cluster"
  for file in "$SANDBOX"/cluster/*; do
    sed -e "s|@STATE@|$STATE|g; s|@CHECKOUT@|$CHECKOUT|g; s|@RUN@|$RUN|g; s|@REGISTRY@|$REGISTRY|g; s|@CGROUP@|$CGROUP|g" \
      -e "s|@NODE_ADDRESS@|$NODE_ADDRESS|g; s|@DNS_ADDRESS@|$DNS_ADDRESS|g; s|@NETWORK_NAMESPACE@|$NETWORK_NAMESPACE|g" \
      -e "s|@CLUSTER@|$CLUSTER|g; s|@SERVICE_RANGE@|$SERVICE_RANGE|g; s|@POD_RANGE@|$POD_RANGE|g" \
      -e "s|@KUBERNETES_VERSION@|$(module_version kube k8s.io/kubernetes)|g" "$file" >"$STATE/cluster/$(basename "$file")"
  done
  cp "$STATE/cluster/network.conflist" "$STATE/cni/10-network.conflist"
}

certificates_create() {
  if [[ -e $ADMIN_KUBECONFIG ]]; then return; fi
  "$PROGRAMS/kubeadm" init phase certs all --config "$STATE/cluster/kubeadm.yaml"
  "$PROGRAMS/kubeadm" init phase kubeconfig all --config "$STATE/cluster/kubeadm.yaml" --kubeconfig-dir "$STATE/kubeconfigs"
  # unique names, so that kubeconfigs can be merged
  sed -e "s/kubernetes-super-admin@$CLUSTER/$CLUSTER/; s/kubernetes-super-admin/$CLUSTER/" "$STATE/kubeconfigs/super-admin.conf" >"$ADMIN_KUBECONFIG"
  chmod 600 "$ADMIN_KUBECONFIG"
}

objects_create() {
  if [[ -e $STATE/complete ]]; then return; fi
  kubectl_admin apply -f "$STATE/cluster/objects.yaml"
}
