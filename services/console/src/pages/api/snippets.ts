import { jobXml } from './job-xml.ts'
import { goSnippet, javaSnippet, pythonSnippet } from './signing-snippets.ts'

/** What the snippets are filled with. */
export type SnippetValues = {
  /** The origin of this server, e.g. http://127.0.0.1:8080. */
  readonly url: string
  readonly bucket: string
  readonly region: string
  readonly libraryId: string
  readonly secretId: string
}

export const snippetLanguages = ['node', 'go', 'java', 'python', 'shell'] as const
export type SnippetLanguage = (typeof snippetLanguages)[number]

/** Code that submits a search in each language. `clip.mp4` and the secret are for the reader to replace. */
export function snippetOf(language: SnippetLanguage, values: SnippetValues): string {
  return snippets[language](values)
}

const snippets: Readonly<Record<SnippetLanguage, (values: SnippetValues) => string>> = {
  node: ({ url, bucket, region, libraryId, secretId }) => `// npm install cos-nodejs-sdk-v5
import COS from 'cos-nodejs-sdk-v5'

const cos = new COS({ SecretId: '${secretId}', SecretKey: process.env.SECRET_KEY, Protocol: '${protocolOf(url)}:' })
const answer = await cos.request({
  Method: 'POST',
  Key: 'jobs',
  Url: '${url}/jobs',
  Bucket: '${bucket}',
  Region: '${region}',
  Headers: { 'content-type': 'application/xml' },
  Body: \`${jobXml(libraryId)}\`,
})
console.log(answer.Response.JobsDetail.JobId)
`,
  go: goSnippet,
  java: javaSnippet,
  python: pythonSnippet,
  shell: ({ url, libraryId }) => `# The administrative API takes the token of the data folder.
curl -X POST '${url}/admin/jobs' \\
  -H "Authorization: Bearer $(cat data/admin-token)" \\
  -H 'Content-Type: application/json' \\
  -d '{"ruleType":"FindSimilarVideo","dnaDbId":"${libraryId}","object":"clip.mp4"}'
`,
}

function protocolOf(url: string): string {
  return new URL(url).protocol.replace(':', '')
}
