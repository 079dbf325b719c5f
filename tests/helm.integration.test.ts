import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { deployedSettings } from './deployed-settings.ts'
import { checkManifest, lintChart, type Manifest, renderChart } from './helm.ts'
import { deployed } from './monitoring.ts'

const SECRET = 'existingSecret=kinoprint'
const EVERYTHING = [
  SECRET,
  'serviceMonitor.enabled=true',
  'serviceMonitor.labels.release=prometheus',
  'api.autoscaling.enabled=true',
  'worker.autoscaling.enabled=true',
  'ingress.enabled=true',
  'ingress.hosts={a.example,*.a.example}',
  'ingress.tlsSecret=certificate',
  'ingress.className=nginx',
  'persistence.storageClass=nfs',
  'networkPolicy.egress[0].ports[0].port=443',
  'imagePullSecrets[0].name=registry',
]

const pods = (manifests: readonly Manifest[]) =>
  manifests.flatMap(({ metadata, spec: { template } }) =>
    template === undefined ? [] : [{ name: metadata.name, ...template.spec }],
  )

const names = (manifests: readonly Manifest[]): string[] =>
  manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()

test('Helm accepts the chart, and each manifest is what Kubernetes describes', () => {
  expect(lintChart(SECRET)).toContain('0 chart(s) failed')
  for (const values of [[SECRET], EVERYTHING]) for (const one of renderChart(...values)) checkManifest(one)
  expect(names(renderChart(...EVERYTHING))).toEqual([
    'Deployment test-kinoprint-api',
    'Deployment test-kinoprint-worker',
    'HorizontalPodAutoscaler test-kinoprint-api',
    'HorizontalPodAutoscaler test-kinoprint-worker',
    'Ingress test-kinoprint',
    'Job test-kinoprint-migrate',
    'NetworkPolicy test-kinoprint-api',
    'NetworkPolicy test-kinoprint-migrate',
    'NetworkPolicy test-kinoprint-worker',
    'PersistentVolumeClaim test-kinoprint',
    'PodDisruptionBudget test-kinoprint-api',
    'PodDisruptionBudget test-kinoprint-worker',
    'Service test-kinoprint',
    'Service test-kinoprint-worker',
    'ServiceMonitor test-kinoprint-api',
    'ServiceMonitor test-kinoprint-worker',
  ])
})

test('a manifest that Kubernetes would refuse is refused', () => {
  const [deployment] = renderChart(SECRET).filter(({ kind }) => kind === 'Deployment')
  const wrong = { ...deployment, spec: { ...deployment?.spec, replicas: 'two' } } as unknown as Manifest
  expect(() => checkManifest(wrong)).toThrow('replicas')
})

test("the chart's pods run as an unprivileged user whose image is read-only, without capabilities", {
  tags: ['container'],
}, () => {
  const found = pods(renderChart(SECRET))
  expect(found.map(({ name }) => name)).toHaveLength(3)
  for (const { name, securityContext, containers } of found) {
    expect(securityContext, name).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
    for (const container of containers)
      expect(container.securityContext, name).toEqual({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      })
  }
})

test("the chart's workers and migration get no secret that grants API access", {
  tags: ['decoder-secrets'],
}, () => {
  const given = Object.fromEntries(
    pods(renderChart(SECRET)).map(({ name, containers }) => [
      name,
      containers.flatMap(({ env }) => env.map((variable) => variable.name)),
    ]),
  )
  const granting = ['ADMIN_TOKEN', 'SECRET_ID', 'SECRET_KEY', 'HMA_TOKEN']
  expect(given['test-kinoprint-api']).toEqual(expect.arrayContaining(granting))
  for (const name of ['test-kinoprint-worker', 'test-kinoprint-migrate']) {
    expect(given[name]).toContain('ENCRYPTION_KEY')
    for (const secret of granting) expect(given[name]).not.toContain(secret)
  }
})

test('the chart takes every setting of .env.example, and no other', () => {
  // The ingress ends TLS.
  const entries = deployedSettings().filter(({ name }) => !['TLS_CERT_FILE', 'TLS_KEY_FILE'].includes(name))
  const schema = JSON.parse(readFileSync(deployed('helm/kinoprint/values.schema.json'), 'utf8')) as {
    readonly properties: { readonly settings: { readonly properties: object } }
  }
  const settings = entries.filter(({ isSecret }) => !isSecret).map(({ name }) => name)
  expect(Object.keys(schema.properties.settings.properties).sort()).toEqual([...settings, 'TZ'].sort())
  const api = pods(renderChart(SECRET, 'settings.LOG_LEVEL=debug')).find(({ name }) => name.endsWith('-api'))
  const passed = api?.containers.flatMap(({ env }) => env.map((variable) => variable.name))
  expect(passed).toEqual(
    expect.arrayContaining([
      'LOG_LEVEL',
      ...entries.filter(({ isSecret }) => isSecret).map(({ name }) => name),
    ]),
  )
})

test.each([
  ['without the name of a secret', [], 'Set existingSecret'],
  ['without persistence and S3', [SECRET, 'persistence.enabled=false'], 'Set settings.S3_ENDPOINT'],
  ['with an ingress without a host', [SECRET, 'ingress.enabled=true'], 'Name the hosts'],
  ['with an unknown setting', [SECRET, 'settings.WORKERS=2'], 'WORKERS'],
  ['with a secret among the settings', [SECRET, 'settings.ADMIN_TOKEN=x'], 'ADMIN_TOKEN'],
  ['with a value of the wrong type', [SECRET, 'worker.replicas=many'], 'replicas'],
])('the chart is refused %s', (_, values, message) => {
  expect(() => renderChart(...values)).toThrow(message)
})

test('without persistence, the chart makes no claim, and objects come from S3', () => {
  const values = [SECRET, 'persistence.enabled=false', 'settings.S3_ENDPOINT=https://s3.example']
  const manifests = renderChart(...values)
  expect(names(manifests).filter((name) => name.startsWith('PersistentVolumeClaim'))).toEqual([])
  for (const one of manifests) checkManifest(one)
})
