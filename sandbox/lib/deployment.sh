# shellcheck shell=bash
# Deploys both stacks to the sandbox's cluster, from copies of the committed stack files, since the CLI writes a salt into them.

deployment_was_killed() { [[ -e $STATE/deploying && ! -e $STATE/deployed ]]; }

deploy() {
  stand_ins_build
  step "stand-ins' image is in the registry" "$LOGS/stand-ins-image.log" push "stand-ins:$STAND_INS_TAG" "$LAYER_STAND_INS" java:25
  step "deployer is built" "$LOGS/deployer.log" "$CHECKOUT/.mvn/run"
  step "Pulumi project is prepared" "$LOGS/project.log" project_prepare
  eval "$(print_environment)"
  touch "$STATE/deploying"
  if [[ -e $STATE/deployed ]]; then clear_pulumi_locks; fi
  step "pulumi up: shared" "$LOGS/pulumi-up-shared.log" stack_up shared
  step "pulumi up: tenant1" "$LOGS/pulumi-up-tenant1.log" stack_up tenant1
  touch "$STATE/deployed"
  rm "$STATE/deploying"
  step "verified as a user of tenant1" "$LOGS/verify.log" verify
  print_next
}

project_prepare() {
  mkdir -p "$PROJECT" "$STATE/pulumi"
  if [[ ! -s $STATE/passphrase ]]; then
    (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$STATE/passphrase")
  fi
  sed -e "s|@PULUMI@|$PULUMI|g; s|@CHECKOUT@|$CHECKOUT|g; s|@PROJECT@|$PROJECT|g" "$SANDBOX/wrapper/pulumi" >"$BIN/pulumi"
  chmod 755 "$BIN/pulumi"
  { cat "$CHECKOUT/Pulumi.yaml" && echo "main: $CHECKOUT"; } >"$PROJECT/Pulumi.yaml"
  printf "%s: {image: {registry: '%s', tag: '%s'}}\n" pharia-iam "$REGISTRY" "$STAND_INS_TAG" \
    inference-api "$REGISTRY" "$STAND_INS_TAG" >"$PROJECT/stand-ins.yaml"

  eval "$(print_environment)"
  stack_prepare shared "inferenceApiUrl=http://$NODE_ADDRESS:$SHARED_INFERENCE_PORT" "iamUrl=http://$NODE_ADDRESS:$SHARED_IAM_PORT" \
    'disabledServices[0]=pharia-studio' 'disabledServices[1]=pharia-assistant'
  stack_prepare tenant1 "inferenceApiUrl=http://$NODE_ADDRESS:$TENANT_INFERENCE_PORT" "iamUrl=http://$NODE_ADDRESS:$TENANT_IAM_PORT" \
    sharedApiNamespace=pharia-ai-shared "proxyImageRepository=$REGISTRY/sandbox/inference-api-proxy" \
    "proxyBaseImage=$REGISTRY/sandbox/glibc:1" proxyRegistryInsecure=true
}

# stack_prepare STACK SETTING...: writes its file, with the sandbox's settings instead of the user's cluster
stack_prepare() {
  local stack=$1 file=$PROJECT/Pulumi.$1.yaml salt setting settings=()
  local committed=$CHECKOUT/Pulumi.$1.yaml stamp
  shift
  for setting in context=$CLUSTER chart=./sandbox/chart "valuesFiles[0]=sandbox/values/$stack.yaml" \
    "valuesFiles[1]=$PROJECT/stand-ins.yaml" "kubernetesPluginVersion=$KUBERNETES_PROVIDER_VERSION" "$@"; do
    settings+=(--plaintext "shared-inference:$setting")
  done
  stamp=$(sha256sum "$committed" - <<<"${settings[*]}")
  if [[ -e $file && $(cat "$STATE/$stack.stamp" 2>/dev/null) == "$stamp" ]]; then
    touch "$file"
    return
  fi
  salt=$(grep -s '^encryptionsalt:' "$file" || true)
  {
    # values encrypted with the user's secrets provider cannot be decrypted here
    awk '/^(encryptionsalt|encryptedkey|secretsprovider):/ { next }
      /^ +secure:/ { held = ""; next }
      held != "" { print held } { held = $0 } END { print held }' "$committed"
    printf '%s\n' "$salt"
  } >"$file"
  if [[ ! -e $STATE/pulumi/.pulumi/stacks/shared-inference/$stack.json ]]; then
    "$PULUMI" --cwd "$PROJECT" stack init "$stack" --no-select
  fi
  "$PULUMI" --cwd "$PROJECT" config rm-all --stack "$stack" shared-inference:{proxyImage,chartVersion,chartRepository,domain,valuesFiles,disabledServices}
  "$PULUMI" --cwd "$PROJECT" config set-all --path --stack "$stack" "${settings[@]}"
  printf '%s' "$stamp" >"$STATE/$stack.stamp"
}

# locks of a killed deployment: nobody else holds the sandbox's lock
clear_pulumi_locks() { rm -rf "$STATE/pulumi/.pulumi/locks"; }

stack_up() {
  ADVICE="read the log, correct the cause and run ./sandbox/up again; to start from scratch, run \`./sandbox/down\` first"
  "$PULUMI" --cwd "$PROJECT" --non-interactive up --yes --skip-preview --stack "$1" || fail "the deployment failed"
}

demo_user() { kubectl_admin get secrets --namespace tenant1 --output name | sed -n 's|^secret/pharia-iam-user-||p' | head -n 1; }

verify() {
  local user
  user=$(demo_user)
  # never in an argument or the environment, where other processes can read it
  kubectl_admin get secret --namespace tenant1 "pharia-iam-user-$user" --output 'jsonpath={.data.token}' | base64 -d |
    ./tenant verify tenant1 --token-file - || fail "a user of tenant1 gets no response from the shared inference"
}

print_next() {
  local api=http://$NODE_ADDRESS:$TENANT_INFERENCE_PORT user token prometheus=''
  if is_running prometheus; then prometheus=$'\n'"Prometheus                           http://$NODE_ADDRESS:$PROMETHEUS_PORT"; fi
  user=$(demo_user)
  token="\$(kubectl get secret -n tenant1 pharia-iam-user-$user -o jsonpath={.data.token} | base64 -d)"
  cat >&3 <<EOF

tenant1   inference API (the proxy)  $api
          IAM                        http://$NODE_ADDRESS:$TENANT_IAM_PORT
shared    inference API              http://$NODE_ADDRESS:$SHARED_INFERENCE_PORT
          IAM                        http://$NODE_ADDRESS:$SHARED_IAM_PORT$prometheus

Next:
  eval "\$(./sandbox/env)"
  pulumi preview -s tenant1
  curl -H "Authorization: Bearer $token" $api/model-settings
  curl -N -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \\
    -d '{"model": "echo-small", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}' $api/chat/completions
EOF
}
