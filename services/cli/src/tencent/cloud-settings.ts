import { Fault } from '@kinoprint/core'

type Environment = Readonly<Record<string, string | undefined>>

/** Where the command that moves a cloud account takes its key from, and to where it connects. */
type CloudSettings = {
  readonly secretId: string
  readonly secretKey: string
  /** TENCENT_ENDPOINT; null for the public addresses. */
  readonly endpoint: string | null
}

/**
 * The key of the cloud account: TENCENT_SECRET_ID and TENCENT_SECRET_KEY, otherwise SECRET_ID and SECRET_KEY, which are
 * those of the account after a move.
 *
 * @throws Fault InvalidSettings if there is no complete key, or the endpoint is no address.
 */
export function readCloudSettings(environment: Environment): CloudSettings {
  const prefix = environment.TENCENT_SECRET_ID || environment.TENCENT_SECRET_KEY ? 'TENCENT_' : ''
  const secretId = environment[`${prefix}SECRET_ID`]?.trim() ?? ''
  const secretKey = environment[`${prefix}SECRET_KEY`]?.trim() ?? ''
  if (secretId === '' || secretKey === '')
    throw new Fault(
      'InvalidSettings',
      'There is no key of the Tencent Cloud account. Set TENCENT_SECRET_ID and TENCENT_SECRET_KEY.',
    )
  const endpoint = environment.TENCENT_ENDPOINT?.trim() || null
  if (endpoint !== null && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)))
    throw new Fault('InvalidSettings', 'TENCENT_ENDPOINT must be a URL that starts with http:// or https://.')
  return { secretId, secretKey, endpoint }
}
