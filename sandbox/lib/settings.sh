# shellcheck shell=bash disable=SC2034
# Names, addresses and folders that up, down and env share.

readonly HOST_ADDRESS=10.200.0.1
readonly NODE_ADDRESS=10.200.0.2
readonly NETWORK_NAMESPACE=shared-inference
readonly INTERFACE=sinf0
readonly REGISTRY=$NODE_ADDRESS:5000
readonly SERVICE_RANGE=10.96.0.0/16
readonly POD_RANGE=10.244.0.0/16
readonly DNS_ADDRESS=10.96.0.10
readonly SHARED_INFERENCE_PORT=30080 SHARED_IAM_PORT=30081
readonly TENANT_INFERENCE_PORT=30180 TENANT_IAM_PORT=30181

# one sandbox per machine, whatever checkout starts it
readonly STATE=/var/lib/shared-inference-sandbox
readonly RUN=/run/shared-inference-sandbox
readonly LOCK=/run/shared-inference-sandbox.lock
readonly CGROUP=shared-inference-sandbox
readonly LOGS=$STATE/logs
readonly PROGRAMS=$STATE/programs # the cluster's
readonly BIN=$STATE/bin           # the user's
readonly PLUGIN=$STATE/plugin
readonly PROJECT=$STATE/project
readonly ADMIN_KUBECONFIG=$STATE/kubeconfig

# what every checkout of a user shares, and `down` keeps
readonly CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/shared-inference
readonly TOOLS=$CACHE/tools

CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly CHECKOUT
readonly SANDBOX=$CHECKOUT/sandbox
