{{/* What every workload shares. Call with the sub-chart's own context. */}}

{{- define "workload.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "workload.labels" -}}
{{ include "workload.selector" . }}
app.kubernetes.io/part-of: pharia-ai-stand-in
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "workload.image" -}}
{{- with .Values.image -}}
{{- if .registry }}{{ .registry }}/{{ end }}{{ .repository }}:{{ .tag }}
{{- end }}
{{- end }}

{{- define "workload.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "workload.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{/* No pod goes before its successor is ready. */}}
{{- define "workload.rollingUpdate" -}}
strategy:
  type: RollingUpdate
  rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
{{- end }}

{{/* A Service port 80, on the node's address as well where a node port is given. */}}
{{- define "workload.servicePort" -}}
type: {{ ternary "NodePort" "ClusterIP" (not (empty .Values.service.nodePort)) }}
selector: {{- include "workload.selector" . | nindent 2 }}
ports:
  - name: http
    port: 80
    targetPort: http
    {{- with .Values.service.nodePort }}
    nodePort: {{ . }}
    {{- end }}
{{- end }}

{{/* A stand-in's container: call with a dict of context and mainClass. */}}
{{- define "workload.standIn" -}}
image: {{ include "workload.image" .context }}
command:
  - java
  - -XX:+UseSerialGC
  - -XX:TieredStopAtLevel=1
  - -XX:-UsePerfData
  - -Xmx64m
  - -cp
  - /app/stand-ins.jar:/app/lib/*
  - {{ .mainClass }}
ports:
  - {name: http, containerPort: 8080}
startupProbe:
  httpGet: {path: /health, port: http}
  periodSeconds: 1
  failureThreshold: 60
readinessProbe:
  httpGet: {path: /health, port: http}
  periodSeconds: 5
livenessProbe:
  httpGet: {path: /health, port: http}
  periodSeconds: 10
# new connections go to the successor before this one stops to listen; on a busy machine kube-proxy takes some seconds
lifecycle: {preStop: {sleep: {seconds: 5}}}
resources:
  requests: {cpu: 10m, memory: 64Mi}
  limits: {memory: 192Mi}
{{ include "workload.containerSecurity" .context }}
{{- end }}
