import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isLeftOut } from '../../deploy/left-out.ts'
import { deployedSettings } from '../deployed-settings.ts'
import { readCompose, type Service } from './compose-file.ts'

const root = new URL('../../', import.meta.url)

function read(name: string): string {
  return readFileSync(new URL(name, root), 'utf8')
}

describe('the image', () => {
  const lines = read('Dockerfile').split('\n')
  const last = (instruction: string): string =>
    lines.filter((line) => line.startsWith(`${instruction} `)).at(-1) ?? ''

  test('installs the dependencies of every workspace in a layer before the sources', () => {
    const copied = lines.slice(
      0,
      lines.findIndex((line) => line.startsWith('RUN npm ci')),
    )
    const manifests = ['packages', 'services']
      .flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`))
      .filter((folder) => existsSync(new URL(`${folder}/package.json`, root)))
    expect(manifests.length).toBeGreaterThan(10)
    const wanted = manifests.map((folder) => `COPY ${folder}/package.json ${folder}/`)
    expect(wanted.filter((line) => !copied.includes(line))).toEqual([])
  })

  test('runs as an unprivileged user', { tags: ['container'] }, () => {
    expect(last('USER')).toBe('USER node')
    const from = lines.indexOf(last('USER'))
    // A later instruction could change the user's permissions.
    expect(lines.slice(from).filter((line) => /^(USER root|RUN|COPY|ADD)/.test(line))).toEqual([])
  })

  test("contains only the distribution's ffmpeg", () => {
    expect(lines.join('\n')).toMatch(/apt-get install .* ffmpeg /)
    expect(isLeftOut('@ffmpeg-installer/linux-x64') && isLeftOut('@ffprobe-installer/ffprobe')).toBe(true)
    expect(isLeftOut('fluent-ffmpeg')).toBe(false)
    // Nothing but what these two stages made for it.
    expect(lines.slice(lines.lastIndexOf('FROM scratch')).filter((line) => line.startsWith('COPY '))).toEqual(
      ['COPY --from=system / /', 'COPY --from=build /app /app'],
    )
  })

  test('hides the environment of its first process from its user', () => {
    expect(lines.join('\n')).toMatch(/^ {2}&& chmod 0711 \/usr\/bin\/tini/m)
  })

  test('starts with tini, which collects processes that ffmpeg leaves behind', () => {
    expect(last('ENTRYPOINT')).toContain('tini')
  })
})

describe('the compose file', () => {
  const secrets = { POSTGRES_PASSWORD: 'one', REDIS_PASSWORD: 'two' }
  const { services, volumes } = readCompose(secrets)
  const service = (name: string): Service => services[name] ?? {}
  const ours = Object.entries(services).filter(([, { image = '' }]) => image.startsWith('kinoprint:'))

  test('gives the product containers no capabilities, no way to gain any, a process limit and files that nothing changes', {
    tags: ['container'],
  }, () => {
    expect(ours.map(([name]) => name)).toEqual(['migrate', 'api', 'worker', 'setup', 's3-bucket'])
    for (const [name, one] of ours) {
      expect(one, name).toMatchObject({ cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
      expect(one.pids_limit, name).toBeLessThanOrEqual(4096)
      expect(one.read_only, name).toBe(true)
      expect([one.user, one.cap_add, one.privileged], name).toEqual([undefined, undefined, undefined])
    }
  })

  test('gives temporary files of api, worker and setup a disk of their own', () => {
    for (const name of ['api', 'worker', 'setup'])
      expect(service(name).volumes, name).toEqual(expect.arrayContaining(['kinoprint-data:/data', '/tmp']))
  })

  test('lets no container gain privileges, and adds a capability to the proxy only', () => {
    for (const [name, { security_opt, privileged, cap_add }] of Object.entries(services)) {
      expect(security_opt, name).toEqual(['no-new-privileges:true'])
      expect(privileged, name).toBeUndefined()
      if (name !== 'proxy') expect(cap_add, name).toBeUndefined()
    }
    expect(service('proxy')).toMatchObject({ cap_drop: ['ALL'], cap_add: ['NET_BIND_SERVICE'] })
  })

  test('publishes every port on loopback, and opens the API and the proxy where told to', () => {
    const published = (environment: Record<string, string>): string[] =>
      Object.values(readCompose({ ...secrets, ...environment }).services).flatMap(({ ports = [] }) => ports)
    expect(published({}).length).toBeGreaterThan(5)
    expect(published({}).filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
    expect(
      published({ KINOPRINT_BIND: '0.0.0.0', PROXY_BIND: '::' }).filter((port) => !/^127/.test(port)),
    ).toEqual(['0.0.0.0:8080:8080', ':::80:80', ':::443:443'])
    for (const name of ['postgres', 'redis', 'worker']) expect(service(name).ports, name).toBeUndefined()
  })

  test('stops without the passwords that `kinoprint admin init` writes', () => {
    expect(() => readCompose()).toThrow('write .env with npx kinoprint admin init')
  })

  test('passes on every setting, and every secret as a file too', () => {
    const wanted = deployedSettings().flatMap(({ name, isSecret }) =>
      isSecret ? [name, `${name}_FILE`] : [name],
    )
    expect(wanted.length).toBeGreaterThan(20)
    const passed = Object.keys(service('api').environment ?? {})
    expect(wanted.filter((name) => !passed.includes(name))).toEqual([])
  })

  test('gives workers, migrations and imports no secret that grants API access', {
    tags: ['decoder-secrets'],
  }, () => {
    const given = ['ADMIN_TOKEN', 'SECRET_ID', 'SECRET_KEY', 'HMA_TOKEN', 'OIDC_CLIENT_SECRET']
    const names = given.flatMap((name) => [name, `${name}_FILE`])
    for (const name of ['worker', 'migrate', 'setup']) {
      const { environment = {} } = service(name)
      expect(Object.keys(environment).length, name).toBeGreaterThan(20)
      for (const secret of names) expect(environment[secret], `${secret} of ${name}`).toBe('')
    }
    expect(service('s3-bucket').environment).not.toHaveProperty('DATABASE_URL')
  })

  test('rotates the logs of every service', () => {
    for (const [name, { logging }] of Object.entries(services))
      expect(logging?.options, name).toEqual({ 'max-size': '20m', 'max-file': '5' })
  })

  test('limits the memory of what reads files and requests, and keeps settings that limit more', () => {
    for (const name of ['api', 'worker', 'redis', 'proxy', 's3', 'prometheus', 'grafana'])
      expect(service(name).mem_limit, name).toMatch(/^\d+[mg]$/)
    expect(readCompose({ ...secrets, WORKER_MEMORY: '3g' }).services.worker?.mem_limit).toBe('3g')
    const postgres = readCompose({ ...secrets, POSTGRES_SHARED_BUFFERS: '4GB' }).services.postgres
    expect(postgres?.command).toContain('-cshared_buffers=4GB')
    expect(postgres?.shm_size).toBe('256mb')
  })

  test('gives workers a smaller CPU share than the servers', () => {
    expect(service('worker').cpu_shares).toBeLessThan(1024)
    for (const name of ['api', 'postgres', 'redis']) expect(service(name).cpu_shares, name).toBeUndefined()
  })

  test('starts only the product and its servers unless a profile is named, and declares every volume', () => {
    const started = Object.keys(services).filter((name) => service(name).profiles === undefined)
    expect(started).toEqual(['postgres', 'redis', 'migrate', 'api', 'worker'])
    const named = Object.values(services)
      .flatMap((one) => one.volumes ?? [])
      .flatMap((volume) => /^([\w-]+):/.exec(volume)?.[1] ?? [])
    expect([...new Set(named)].sort()).toEqual(Object.keys(volumes).sort())
  })
})

describe('the compose file of a replica and shards', () => {
  const secrets = { POSTGRES_PASSWORD: 'one', REDIS_PASSWORD: 'two' }
  const { services, volumes } = readCompose(secrets, 'deploy/postgres/compose.yml')
  const base = readCompose(secrets).services.postgres

  test('keeps the settings of the primary, and lets replicas connect with a password only', () => {
    const { command = [], volumes: mounted = [] } = services.postgres ?? {}
    expect(command.slice(0, base?.command?.length)).toEqual(base?.command)
    expect(command.slice(base?.command?.length)).toEqual([
      '-chba_file=/etc/postgresql/pg_hba.conf',
      '-cwal_keep_size=2GB',
    ])
    expect(mounted).toEqual(['./deploy/postgres/pg_hba.conf:/etc/postgresql/pg_hba.conf:ro'])
    const rules = read('deploy/postgres/pg_hba.conf')
      .split('\n')
      .filter((line) => /^host/.test(line))
    expect(rules.length).toBe(2)
    for (const rule of rules) expect(rule).toMatch(/scram-sha-256$/)
  })

  test('adds PL/Proxy to the image of the primary, for its version of PostgreSQL', () => {
    const dockerfile = read('deploy/postgres/Dockerfile')
    expect(dockerfile).toContain(`FROM ${base?.image}\n`)
    expect(dockerfile).toContain(`postgresql-${/-pg(\d+)$/.exec(base?.image ?? '')?.[1]}-plproxy`)
    for (const [name, { image }] of Object.entries(services))
      expect(image, name).toBe('kinoprint-postgres:17')
  })

  test('starts its servers by profile, without ports and privileges, with rotated logs and a volume each', () => {
    const added = Object.entries(services).filter(([name]) => name !== 'postgres')
    expect(added.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['replica', ['replica']],
      ['shard1', ['shards']],
      ['shard2', ['shards']],
    ])
    for (const [name, one] of added) {
      expect([one.ports, one.privileged, one.cap_add], name).toEqual([undefined, undefined, undefined])
      expect(one.security_opt, name).toEqual(['no-new-privileges:true'])
      expect(one.logging?.options, name).toEqual({ 'max-size': '20m', 'max-file': '5' })
      expect(one.shm_size, name).toBe(base?.shm_size)
      expect(one.volumes?.[0], name).toBe(`${name}-data:/var/lib/postgresql/data`)
    }
    expect(Object.keys(volumes)).toEqual(['replica-data', 'shard1-data', 'shard2-data'])
  })

  test('is named by the addresses that the documentation sets', () => {
    const documented = read('docs/operations.md').matchAll(/\{POSTGRES_PASSWORD\}@(\w+):5432/g)
    expect([...documented].map(([, host]) => host)).toEqual(['replica', 'shard1', 'shard2'])
  })
})
