# shellcheck shell=bash
# Runs Debian's Prometheus next to the cluster, with the rules of deploy/monitoring. It scrapes the proxies of all tenants.

readonly PROMETHEUS_PORT=9090

monitoring_start() {
  mkdir -p "$STATE/monitoring"
  # Debian builds Prometheus without Kubernetes service discovery
  start proxy-targets "$SANDBOX/monitoring/targets" "$BIN/kubectl" "$ADMIN_KUBECONFIG" "$STATE/monitoring"
  start prometheus prometheus --config.file="$STATE/cluster/prometheus.yaml" --storage.tsdb.path="$STATE/monitoring/data" \
    --web.listen-address="$NODE_ADDRESS:$PROMETHEUS_PORT"
  wait_for prometheus 60 curl -sf "http://$NODE_ADDRESS:$PROMETHEUS_PORT/-/ready"
}
