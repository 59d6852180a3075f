# shellcheck shell=bash disable=SC2034
# Names, addresses and directories for up, down and env.

# several sandboxes can run on a machine, each with its own cluster: SHARED_INFERENCE_SANDBOX=2 ./sandbox/up
readonly NUMBER=${SHARED_INFERENCE_SANDBOX:-1}
case $NUMBER in
  [1-9]) readonly SUFFIX=${NUMBER#1} ;;
  *) printf 'sandbox: SHARED_INFERENCE_SANDBOX=%s is not a number from 1 to 9.\nFix: set it to such a number, or unset it.\n' "$NUMBER" >&2 && exit 1 ;;
esac
readonly CLUSTER=sandbox$SUFFIX
readonly HOST_ADDRESS=10.200.0.$((NUMBER * 4 - 3))
readonly NODE_ADDRESS=10.200.0.$((NUMBER * 4 - 2))
readonly NETWORK_NAMESPACE=shared-inference$SUFFIX
readonly INTERFACE=sinf$((NUMBER - 1))
readonly REGISTRY=$NODE_ADDRESS:5000
readonly SERVICE_RANGE=10.96.0.0/16
readonly POD_RANGE=10.244.0.0/16
readonly DNS_ADDRESS=10.96.0.10
readonly SHARED_INFERENCE_PORT=30080 SHARED_IAM_PORT=30081
readonly TENANT_INFERENCE_PORT=30180 TENANT_IAM_PORT=30181

# one sandbox of each number per machine, across checkouts
readonly STATE=/var/lib/shared-inference-sandbox$SUFFIX
readonly RUN=/run/shared-inference-sandbox$SUFFIX
readonly LOCK=$RUN.lock
readonly CGROUP=shared-inference-sandbox$SUFFIX
readonly LOGS=$STATE/logs
readonly PROGRAMS=$STATE/programs # of the cluster
readonly BIN=$STATE/bin           # of the user
readonly PROJECT=$STATE/project
readonly ADMIN_KUBECONFIG=$STATE/kubeconfig

# the release of the pseudo-version in tools/pulumi/go.mod, the newest in Go's module proxy
readonly KUBERNETES_PROVIDER_VERSION=4.25.0
readonly PULUMI_DIRECTORY=$STATE/pulumi-home
readonly KUBERNETES_PROVIDER=$PULUMI_DIRECTORY/plugins/resource-kubernetes-v$KUBERNETES_PROVIDER_VERSION/pulumi-resource-kubernetes

# shared by all checkouts of a user; `down` keeps it
readonly CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/shared-inference
readonly TOOLS=$CACHE/tools

CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly CHECKOUT
readonly SANDBOX=$CHECKOUT/sandbox
