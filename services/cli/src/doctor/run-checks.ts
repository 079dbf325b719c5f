import { errorText } from '@kinoprint/core'
import { installCommand } from '@kinoprint/media'
import { answerWithin, type Environment, loadSettings, type Settings } from '@kinoprint/runtime'
import { consoleDir, leastNode } from '../installed-files.ts'
import { findServerTools } from '../product/find-tools.ts'
import { type Finding, failed, ok } from './finding.ts'
import { checkCertificate, checkConsole, checkFolder, checkNode, checkPort } from './machine-checks.ts'
import { checkDatabase, checkObjects, checkQueue } from './server-checks.ts'
import { checkConfinement, checkFormats, checkTools } from './tool-checks.ts'

export type NamedFinding = Finding & { readonly check: string }

type Check = readonly [name: string, run: () => Finding | Promise<Finding>]

/** Longer than any check needs that gets answers. */
const CHECK_TIMEOUT_MS = 30_000

type CheckOptions = { readonly timeoutMs: number }

/** Runs all checks. One that fails or gets no answer within 30 s is missing. Changes nothing. */
export async function runChecks(
  environment: Environment,
  { timeoutMs }: CheckOptions = { timeoutMs: CHECK_TIMEOUT_MS },
): Promise<readonly NamedFinding[]> {
  const { finding, settings } = readSettings(environment)
  const checks: readonly Check[] = [
    ['node', () => checkNode(process.versions.node, leastNode())],
    ['console', () => checkConsole(consoleDir)],
    ['settings', () => finding],
    ...(settings === null ? [] : [...(await toolChecks(settings, { timeoutMs })), ...partChecks(settings)]),
  ]
  return Promise.all(
    checks.map(async ([check, run]) => {
      const cure = 'Correct the setting or the server of this check, and run doctor again.'
      const result = answerWithin(timeoutMs, run).catch((error: unknown) => failed(error, cure))
      return { check, ...(await result) }
    }),
  )
}

function readSettings(environment: Environment): { finding: Finding; settings: Settings | null } {
  try {
    return { settings: loadSettings(environment, { role: 'tool' }), finding: ok('valid') }
  } catch (error) {
    const [, ...problems] = errorText(error).split('\n')
    const cure = [...problems, 'Then run doctor again: the other checks need these settings.'].join('\n')
    return { settings: null, finding: { state: 'missing', found: 'some settings are invalid', cure } }
  }
}

/** Without ffmpeg, its absence is the only finding. `api` and `worker` require a current one, and DATABASE_URL. */
async function toolChecks(settings: Settings, { timeoutMs }: CheckOptions): Promise<readonly Check[]> {
  const role = settings.databaseUrl === null ? 'serve' : 'worker'
  try {
    const found = await answerWithin(timeoutMs, () => findServerTools(settings, { role }))
    return [
      ['ffmpeg', () => checkTools(found)],
      ['formats', () => checkFormats(found.tools)],
      ['isolation', () => checkConfinement(found.tools)],
    ]
  } catch (error) {
    return [['ffmpeg', () => failed(error, `Install ffmpeg: ${installCommand()}`)]]
  }
}

function partChecks(settings: Settings): readonly Check[] {
  return [
    ['data folder', () => checkFolder(settings.dataDir, 'DATA_DIR')],
    ['objects', () => checkObjects(settings)],
    ['database', () => checkDatabase(settings)],
    ['queue', () => checkQueue(settings)],
    ['port', () => checkPort(settings)],
    ...certificateChecks(settings),
  ]
}

function certificateChecks({ tls }: Settings): readonly Check[] {
  return tls === null ? [] : [['certificate', () => checkCertificate(tls)]]
}
