// node examples/jobs.mjs RULE_TYPE LIBRARY_ID OBJECT [VIDEO_ID]
// Submits one DNA job with the official SDK, waits until it ends, and prints the result.
// Reads the server's variables from the environment or from .env: SECRET_ID and SECRET_KEY (default: the first key in
// DATA_DIR), HOST and PORT (or KINOPRINT_URL for another machine), DEFAULT_BUCKET and DEFAULT_REGION.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const USAGE =
  'usage: node examples/jobs.mjs GetFingerPrint|FindSimilarVideo|DeleteFingerPrint|DeleteVideoPrint LIBRARY OBJECT [VIDEO]'

function settings() {
  if (existsSync('.env')) readWith('.env', process.loadEnvFile)
  // An empty variable counts as unset.
  const given = (name) => process.env[name]?.trim() || undefined
  const host = given('HOST') ?? '127.0.0.1'
  const reachable =
    { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host)
  return {
    url: originOf(given('KINOPRINT_URL') ?? `http://${reachable}:${given('PORT') ?? '8080'}`),
    key: keyOf(given),
    bucket: given('DEFAULT_BUCKET'),
    region: regionOf(given('DEFAULT_REGION') ?? 'local'),
  }
}

function originOf(address) {
  const isWeb = URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol)
  if (isWeb) return new URL(address).origin
  throw new Error(
    `${address} is not a server address. Set KINOPRINT_URL, for example to http://127.0.0.1:8080, or HOST and PORT.`,
  )
}

/** A region with a hyphen: the SDK warns about one without. The server does not use it. */
const regionOf = (region) => (region.includes('-') ? region : `ap-${region}`)

function keyOf(given) {
  const [secretId, secretKey] = [given('SECRET_ID'), given('SECRET_KEY')]
  if (secretId && secretKey) return { secretId, secretKey }
  if (secretId || secretKey) throw new Error('Set both SECRET_ID and SECRET_KEY, or neither.')
  const file = join(given('DATA_DIR') ?? 'data', 'first-key.json')
  if (existsSync(file)) return readWith(file, readKey)
  throw new Error(
    `No API key was found: ${file} does not exist. Set SECRET_ID and SECRET_KEY, or DATA_DIR to the server's folder.`,
  )
}

function readKey(file) {
  const { secretId, secretKey } = JSON.parse(readFileSync(file, 'utf8'))
  if (secretId && secretKey) return { secretId, secretKey }
  throw new Error('it contains no secretId and secretKey')
}

/** Reads a file. The error of a failed read names the file. */
function readWith(file, read) {
  try {
    return read(file)
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error.code ?? error.message)
    throw new Error(`${file} cannot be read: ${why}. Make it readable, or set SECRET_ID and SECRET_KEY.`)
  }
}

/** Loads the SDK. It is a development dependency, which `npm prune --omit=dev` removes. */
async function loadSdk() {
  try {
    return (await import('cos-sdk-3')).default // in your own project: cos-nodejs-sdk-v5
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new Error('The SDK for this example is not installed. Run npm ci in the Kinoprint folder.')
  }
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

const bodyOf = ({ ruleType, dnaDbId, object, videoId }) =>
  `<Request><Tag>DNA</Tag><Input><Object>${escaped(object)}</Object></Input><Operation><DnaConfig>
  <RuleType>${escaped(ruleType)}</RuleType><DnaDbId>${escaped(dnaDbId)}</DnaDbId>
  ${videoId ? `<VideoId>${escaped(videoId)}</VideoId>` : ''}</DnaConfig></Operation></Request>`

/** Sends one signed request and returns its job. */
async function ask({ COS, url, key, bucket, region }, { method, path, body }) {
  const { protocol } = new URL(url)
  const cos = new COS({ SecretId: key.secretId, SecretKey: key.secretKey, Protocol: protocol })
  // Without a bucket in its path, a request uses the key's first bucket, then the server's DEFAULT_BUCKET.
  const Key = bucket ? `${bucket}/${path}` : path
  const Headers = { 'content-type': 'application/xml' }
  const Bucket = bucket ?? 'kinoprint-1250000000'
  const request = { Method: method, Key, Url: `${url}/${Key}`, Bucket, Region: region, Headers, Body: body }
  const { Response } = await cos.request(request)
  return Response.JobsDetail
}

const hasEnded = ({ State }) => ['Success', 'Failed', 'Cancel'].includes(State)

async function main([ruleType, dnaDbId, object, videoId]) {
  if (ruleType === '--help' || ruleType === '-h') {
    console.log(USAGE)
    return 0
  }
  if (!ruleType || !dnaDbId || !object) {
    console.error(USAGE)
    return 2
  }
  const server = { ...settings(), COS: await loadSdk() }
  const body = bodyOf({ ruleType, dnaDbId, object, videoId })
  let job = await ask(server, { method: 'POST', path: 'jobs', body })
  console.log(`${job.JobId} ${job.State}`)
  while (!hasEnded(job)) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    job = await ask(server, { method: 'GET', path: `jobs/${job.JobId}` })
  }
  console.log(JSON.stringify(job, null, 2))
  return job.State === 'Success' ? 0 : 1
}

const CAUSES = {
  ECONNREFUSED: 'The server does not answer.',
  ECONNRESET: 'The server closed the connection.',
  ETIMEDOUT: 'The server does not answer.',
  EHOSTUNREACH: 'The server cannot be reached.',
  ENOTFOUND: "The server's host name is unknown.",
  EAI_AGAIN: "The server's host name cannot be resolved.",
  EPROTO: 'The server does not use HTTPS on this port. Its address may begin with http://.',
}

/** One line for the user: the server's response, or why none arrived. */
function messageOf(error) {
  const { code, message, error: answer } = error ?? {}
  const cause = CAUSES[code]
  if (cause)
    return `${cause} Start the server with npm start, or set KINOPRINT_URL, or HOST and PORT. Address: ${settings().url}.`
  const said = answer?.Message ?? message ?? String(error)
  return answer?.Code ? `${answer.Code}: ${said}` : said
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error) => {
    console.error(messageOf(error))
    process.exitCode = 1
  },
)
