{{/*
A Secret with one token that stays as it is for the life of the Secret; a new one is made where there is none, and at
each rendering without a cluster. Only the Secret knows the token: the IAM reads it from the mounted file.
Call with a dict of context, secret and user.
*/}}
{{- define "iam.tokenSecret" -}}
{{- $secret := lookup "v1" "Secret" .context.Release.Namespace .secret | default dict -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ .secret }}
  labels:
    {{- include "workload.labels" .context | nindent 4 }}
    pharia-iam/user: {{ .user }}
type: Opaque
data:
  token: {{ dig "data" "token" "" $secret | default (randAlphaNum 48 | b64enc) }}
{{- end }}
