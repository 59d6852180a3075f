# shellcheck shell=bash
# The settings that make a shell, or `up` itself, work on the sandbox.

# the user's own PULUMI_HOME, also in a shell that has the sandbox's settings already
users_pulumi_home() {
  if [[ ${PULUMI_HOME:-$PULUMI_DIRECTORY} == "$PULUMI_DIRECTORY" ]]; then printf '%s' "$HOME/.pulumi"; else printf '%s' "$PULUMI_HOME"; fi
}

# the Kubernetes providers that the user has, by version
users_providers() {
  local directory
  for directory in "$(users_pulumi_home)"/plugins/resource-kubernetes-v*/; do
    if [[ -x $directory/pulumi-resource-kubernetes ]]; then basename "${directory##*resource-kubernetes-v}"; fi
  done | sort -V | paste -sd ' '
}

# prints export lines; says on standard error which provider they lead to
print_environment() {
  local path=:$PATH: others
  others=$(users_providers)
  echo "sandbox: Pulumi runs the official Kubernetes provider $KUBERNETES_PROVIDER_VERSION of $PULUMI_DIRECTORY${others:+, not $others of $(users_pulumi_home)}" >&2
  path=${path//":$BIN:"/:}
  path=${path#:}
  # a provider on PATH would run in the place of the installed one
  printf 'export %s=%q\n' PATH "$BIN:${path%:}" PULUMI_IGNORE_AMBIENT_PLUGINS true \
    KUBECONFIG "$ADMIN_KUBECONFIG" KUBECACHEDIR "$STATE/kubectl-cache" SHARED_INFERENCE_SANDBOX "$NUMBER" SHARED_INFERENCE_PROJECT "$PROJECT" \
    PULUMI_HOME "$PULUMI_DIRECTORY" PULUMI_BACKEND_URL "file://$STATE/pulumi" PULUMI_CONFIG_PASSPHRASE_FILE "$STATE/passphrase" \
    PULUMI_SKIP_UPDATE_CHECK true PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION true
  echo 'unset PULUMI_CONFIG_PASSPHRASE'
}
