import {
  checkContentMd5,
  headerValues,
  parseAuthorization,
  parseDnaDbFilesQuery,
  parseIdList,
  parseJobRequests,
  parseJobsQuery,
  parseQueueUpdate,
  parseTarget,
  readXml,
  verifySignature,
} from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { checkBucketName, checkObjectName } from '@kinoprint/objects'
import { clientAddress } from '../../services/api/src/http/client-address.ts'
import { normaliseRequestTarget } from '../../services/api/src/http/request-target.ts'

/**
 * Passes long texts to every function that reads untrusted text. Runs in a separate process, which the test kills if
 * a function takes quadratic time.
 */
const LENGTH = 900_000
/** Repeated to fill the text: characters that a pattern can start with or backtrack over. */
const ATOMS = [
  '\n',
  '\r\n',
  ' ',
  '\t',
  'a',
  '0',
  '/',
  ':',
  ';',
  '%',
  '&',
  '=',
  '?',
  '#',
  '[',
  ']',
  '(',
  '.',
  '-',
  ',',
]
const MIXED = [' \n', '\na', ':1', 'a:', '%3b', 'a=b&', '/*', '[a', '1;', 'x\u00a0', '::', ' ,']

function body(text: string, element = 'Object') {
  return (
    `<Request><Tag>DNA</Tag><Input><Object>a</Object></Input><Name/>`.replace(
      '<Object>a</Object>',
      `<${element}>${text}</${element}>`,
    ) +
    '<Operation><DnaConfig><RuleType>FindSimilarVideo</RuleType><DnaDbId>Db1</DnaDbId></DnaConfig></Operation></Request>'
  )
}
function signed(text: string) {
  return `q-sign-algorithm=sha1&q-ak=a&q-sign-time=1;2&q-key-time=1;2&q-header-list=${text}&q-url-param-list=&q-signature=x`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;')
}

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  object: (text) => parseJobRequests(body(escaped(text))),
  'object in lines': (text) => parseJobRequests(body(`\n${escaped(text)}x\n`)),
  callback: (text) =>
    parseJobRequests(
      body('a').replace('</Request>', `<CallBack>http://h/${escaped(text)}</CallBack></Request>`),
    ),
  'queue name': (text) => parseQueueUpdate(`<Request><Name>${escaped(text)}</Name></Request>`),
  'queue event': (text) =>
    parseQueueUpdate(`<Request><NotifyConfig><Event>${escaped(text)}</Event></NotifyConfig></Request>`),
  'body before its root': (text) => readXml(`${text}<a/>`),
  'signed headers': (text) =>
    parseAuthorization({ target: '/jobs', rawHeaders: ['Authorization', signed(text)] }),
  'time of a signature': (text) =>
    parseAuthorization({
      target: '/jobs',
      rawHeaders: ['Authorization', `q-sign-algorithm=sha1&q-ak=a&q-sign-time=${text}`],
    }),
  host: (text) => {
    const rawHeaders = ['Authorization', signed('host'), 'Host', `h${text}`]
    const authorization = parseAuthorization({ target: '/jobs', rawHeaders })
    verifySignature({
      authorization,
      method: 'GET',
      target: '/jobs',
      rawHeaders,
      secretKey: 's',
      nowSeconds: 1,
    })
  },
  target: (text) => parseTarget(`http://h/${text}`),
  'target without a path': (text) => parseTarget(text),
  'absolute target': (text) =>
    normaliseRequestTarget(Object.assign(Object.create(null), { url: `http://${text}`, headers: {} })),
  'jobs query': (text) => parseJobsQuery([['startCreationTime', text]]),
  'token of a page': (text) => parseJobsQuery([['nextToken', text]]),
  states: (text) => parseJobsQuery([['states', text]]),
  'page number': (text) => parseDnaDbFilesQuery([['pageNumber', text]]),
  ids: (text) => parseIdList(text, 'ids', 20),
  'header values': (text) => headerValues(['Range', text], 'range'),
  'md5 of a body': (text) => checkContentMd5(Buffer.from('a'), ['Content-MD5', text]),
  'object name': (text) => checkObjectName(text),
  'bucket name': (text) => checkBucketName(text),
  address: (text) => clientAddress({ ip: text }),
}

for (const [name, read] of Object.entries(readers)) {
  for (const atom of [...ATOMS, ...MIXED]) {
    try {
      read(atom.repeat(Math.floor(LENGTH / atom.length)))
    } catch (error) {
      // A Fault is an acceptable outcome. Any other error is a bug.
      if (!(error instanceof Fault) && !(error instanceof URIError)) throw error
    }
  }
  process.stdout.write(`${name}\n`)
}
process.stdout.write('done\n')
