{{/* Templates for all workloads. Call them with the context of the subchart. */}}

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

{{/* Keeps each pod until its successor is ready. */}}
{{- define "workload.rollingUpdate" -}}
strategy:
  type: RollingUpdate
  rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
{{- end }}

{{/* A Service on port 80, with a node port if one is set. */}}
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

{{/* A stand-in's container. Call it with a dict of context and mainClass. */}}
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
# keeps listening until kube-proxy routes new connections to the successor, which takes seconds on a busy machine
lifecycle: {preStop: {sleep: {seconds: 5}}}
resources:
  requests: {cpu: 10m, memory: 64Mi}
  limits: {memory: 192Mi}
{{ include "workload.containerSecurity" .context }}
{{- end }}
