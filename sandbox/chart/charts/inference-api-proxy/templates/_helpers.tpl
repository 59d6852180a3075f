{{/* A duration such as 500ms, 10s or 2m in seconds, rounded up. */}}
{{- define "proxy.seconds" -}}
{{- $duration := toString . }}
{{- if not (regexMatch "^[0-9]+(ms|s|m)$" $duration) }}
{{- fail (printf "inference-api-proxy.drain: %q is not a duration such as 500ms, 10s or 2m" $duration) }}
{{- end }}
{{- $number := regexFind "^[0-9]+" $duration | int }}
{{- if hasSuffix "ms" $duration }}{{ div (add $number 999) 1000 }}
{{- else if hasSuffix "m" $duration }}{{ mul $number 60 }}
{{- else }}{{ $number }}
{{- end }}
{{- end }}

{{/* Ten seconds more than draining takes at most, so that the kubelet never aborts a response. */}}
{{- define "proxy.graceSeconds" -}}
{{- add 10 (include "proxy.seconds" .Values.drain.delay | trim | int) (include "proxy.seconds" .Values.drain.timeout | trim | int) }}
{{- end }}
