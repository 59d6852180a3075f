# shellcheck shell=bash
# The environment for a shell, or `up` itself, that uses the sandbox.

# the user's own PULUMI_HOME, even in a shell with the sandbox's environment
users_pulumi_home() {
  if [[ ${PULUMI_HOME:-$PULUMI_DIRECTORY} == "$PULUMI_DIRECTORY" ]]; then printf '%s' "$HOME/.pulumi"; else printf '%s' "$PULUMI_HOME"; fi
}

# versions of the Kubernetes provider that the user has installed
users_providers() {
  local directory
  for directory in "$(users_pulumi_home)"/plugins/resource-kubernetes-v*/; do
    if [[ -x $directory/pulumi-resource-kubernetes ]]; then basename "${directory##*resource-kubernetes-v}"; fi
  done | sort -V | paste -sd ' '
}

# prints export lines, and the provider in use on standard error
print_environment() {
  local path=:$PATH: others
  others=$(users_providers)
  echo "sandbox: Pulumi runs the official Kubernetes provider $KUBERNETES_PROVIDER_VERSION of $PULUMI_DIRECTORY${others:+, not $others of $(users_pulumi_home)}" >&2
  path=${path//":$BIN:"/:}
  path=${path#:}
  # a provider on PATH would take precedence over the installed one
  printf 'export %s=%q\n' PATH "$BIN:${path%:}" PULUMI_IGNORE_AMBIENT_PLUGINS true \
    KUBECONFIG "$ADMIN_KUBECONFIG" KUBECACHEDIR "$STATE/kubectl-cache" SHARED_INFERENCE_SANDBOX "$NUMBER" SHARED_INFERENCE_PROJECT "$PROJECT" \
    PULUMI_HOME "$PULUMI_DIRECTORY" PULUMI_BACKEND_URL "file://$STATE/pulumi" PULUMI_CONFIG_PASSPHRASE_FILE "$STATE/passphrase" \
    PULUMI_SKIP_UPDATE_CHECK true PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION true
  echo 'unset PULUMI_CONFIG_PASSPHRASE'
}
