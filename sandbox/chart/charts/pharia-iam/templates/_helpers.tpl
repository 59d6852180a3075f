{{/*
A Secret with one token. Call it with a dict of context, name, user and token.
*/}}
{{- define "iam.tokenSecret" -}}
apiVersion: v1
kind: Secret
metadata:
  name: {{ .name }}
  labels:
    {{- include "workload.labels" .context | nindent 4 }}
    pharia-iam/user: {{ .user }}
type: Opaque
data:
  token: {{ .token }}
{{- end }}
