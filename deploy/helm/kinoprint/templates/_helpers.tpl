{{- define "kinoprint.name" -}}
{{- if contains "kinoprint" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-kinoprint" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "kinoprint.selector" -}}
app.kubernetes.io/name: kinoprint
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "kinoprint.labels" -}}
{{ include "kinoprint.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "kinoprint.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* Settings and secrets of a part. Only the API gets the secrets that grant access to it. */}}
{{- define "kinoprint.env" -}}
{{- $root := .root }}
{{- range $name, $value := $root.Values.settings }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- $required := list "DATABASE_URL" "ENCRYPTION_KEY" }}
{{- $optional := list "DATABASE_READ_URLS" "SHARD_URLS" "REDIS_URL" "S3_ACCESS_KEY_ID" "S3_SECRET_ACCESS_KEY" "AMQP_URL" "KAFKA_CA" "KAFKA_PASSWORD" "CALLBACK_SECRETS" "OTEL_EXPORTER_OTLP_HEADERS" }}
{{- if eq .part "api" }}
{{- $required = concat $required (list "ADMIN_TOKEN" "SECRET_ID" "SECRET_KEY") }}
{{- $optional = concat $optional (list "HMA_TOKEN" "OIDC_CLIENT_SECRET") }}
{{- end }}
{{- range $required }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $root.Values.existingSecret }}, key: {{ . }} } }
{{- end }}
{{- range $optional }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $root.Values.existingSecret }}, key: {{ . }}, optional: true } }
{{- end }}
{{- end }}

{{- define "kinoprint.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "kinoprint.containerSecurity" -}}
securityContext:
  readOnlyRootFilesystem: true
  allowPrivilegeEscalation: false
  capabilities: { drop: [ALL] }
{{- end }}

{{- define "kinoprint.mounts" -}}
volumeMounts:
  - { name: data, mountPath: /data }
  - { name: temporary, mountPath: /tmp }
{{- end }}

{{- define "kinoprint.volumes" -}}
volumes:
  - name: data
    {{- if .Values.persistence.enabled }}
    persistentVolumeClaim: { claimName: {{ .Values.persistence.existingClaim | default (include "kinoprint.name" .) }} }
    {{- else }}
    emptyDir: {}
    {{- end }}
  - name: temporary
    emptyDir: { sizeLimit: {{ .Values.temporarySize }} }
{{- end }}
