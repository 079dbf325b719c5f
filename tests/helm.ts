import { spawnSync } from 'node:child_process'
import { Deployment } from 'kubernetes-models/apps/v1'
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2'
import { Job } from 'kubernetes-models/batch/v1'
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1'
import { PersistentVolumeClaim, Service } from 'kubernetes-models/v1'
import { parseAllDocuments } from 'yaml'
import { deployed } from './monitoring.ts'

type Container = {
  readonly env: readonly { readonly name: string }[]
  readonly securityContext: unknown
}

export type Manifest = {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly template?: {
      readonly spec: { readonly containers: readonly Container[]; readonly securityContext: unknown }
    }
  }
}

const CHART = deployed('helm/kinoprint')

/** The Kubernetes schema of each kind, from the OpenAPI description of its API. */
const KINDS: Readonly<Record<string, new (manifest: never) => { validate(): void }>> = {
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  Service,
}

/** Runs Helm. Throws its errors. */
function helm(...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('helm', args, { encoding: 'utf8' })
  if (error !== undefined) throw new Error('helm is not installed. Run `npm test`, which installs it.')
  if (status !== 0) throw new Error(`helm ${args.join(' ')}:\n${stdout}${stderr}`)
  return stdout
}

/** The chart's manifests with these values (`a.b=c`). */
export function renderChart(...values: string[]): Manifest[] {
  const text = helm('template', 'test', CHART, ...values.flatMap((value) => ['--set', value]))
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? [])
}

export function lintChart(...values: string[]): string {
  return helm('lint', '--strict', CHART, ...values.flatMap((value) => ['--set', value]))
}

/** Throws if the manifest is not what its kind may be. */
export function checkManifest(manifest: Manifest): void {
  // The kind belongs to the Prometheus operator, which Kubernetes does not describe.
  if (manifest.kind === 'ServiceMonitor') return
  const kind = KINDS[manifest.kind]
  if (kind === undefined) throw new Error(`No schema for ${manifest.kind}. Add it to tests/helm.ts.`)
  new kind(manifest as never).validate()
}
