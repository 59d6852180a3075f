# shellcheck shell=bash
# The settings that make a shell, or `up` itself, work on the sandbox.

readonly PULUMI_FOLDER=$STATE/pulumi-home

# the user's own PULUMI_HOME, also in a shell that has the sandbox's settings already
users_pulumi_home() {
  if [[ ${PULUMI_HOME:-$PULUMI_FOLDER} == "$PULUMI_FOLDER" ]]; then printf '%s' "$HOME/.pulumi"; else printf '%s' "$PULUMI_HOME"; fi
}

# the newest official Kubernetes plugin that the user has; nothing if there is none
official_plugin_version() {
  local folder
  for folder in "$(users_pulumi_home)"/plugins/resource-kubernetes-v*/; do
    if [[ -x $folder/pulumi-resource-kubernetes ]]; then basename "${folder##*resource-kubernetes-v}"; fi
  done | sort -V | tail -n 1
}

# prints export lines; says on standard error which plugin they lead to
print_environment() {
  local path=:$PATH: official programs=$BIN
  official=$(official_plugin_version)
  if [[ -n $official ]]; then
    ln -sfn "$(users_pulumi_home)/plugins" "$PULUMI_FOLDER/plugins"
    echo "sandbox: Pulumi uses the official Kubernetes plugin $official of $(users_pulumi_home)" >&2
  else
    if [[ -L $PULUMI_FOLDER/plugins ]]; then rm "$PULUMI_FOLDER/plugins"; fi
    programs=$BIN:$PLUGIN
    echo "sandbox: Pulumi uses the stand-in of the Kubernetes plugin, since the official one isn't installed in $(users_pulumi_home)" >&2
  fi
  path=${path//":$BIN:"/:}
  path=${path//":$PLUGIN:"/:}
  path=${path#:}
  printf 'export %s=%q\n' PATH "$programs:${path%:}" \
    KUBECONFIG "$ADMIN_KUBECONFIG" KUBECACHEDIR "$STATE/kubectl-cache" SHARED_INFERENCE_SANDBOX "$NUMBER" SHARED_INFERENCE_PROJECT "$PROJECT" \
    PULUMI_HOME "$PULUMI_FOLDER" PULUMI_BACKEND_URL "file://$STATE/pulumi" PULUMI_CONFIG_PASSPHRASE_FILE "$STATE/passphrase" \
    PULUMI_SKIP_UPDATE_CHECK true PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION true
  echo 'unset PULUMI_CONFIG_PASSPHRASE'
}
