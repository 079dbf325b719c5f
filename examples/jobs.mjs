// node examples/jobs.mjs RULE_TYPE LIBRARY_ID OBJECT [VIDEO_ID]
// Submits one DNA job with the official SDK, waits for its end and prints what it found.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import COS from 'cos-sdk-3' // in a project of your own: cos-nodejs-sdk-v5

const [ruleType, dnaDbId, object, videoId] = process.argv.slice(2)
if (!ruleType || !dnaDbId || !object) {
  console.error(
    'usage: node examples/jobs.mjs GetFingerPrint|FindSimilarVideo|DeleteFingerPrint LIBRARY OBJECT [VIDEO]',
  )
  process.exit(2)
}
const { KINOPRINT_URL: server = 'http://127.0.0.1:8080', DATA_DIR = 'data' } = process.env
const { secretId, secretKey } = JSON.parse(readFileSync(join(DATA_DIR, 'first-key.json'), 'utf8'))
const cos = new COS({ SecretId: secretId, SecretKey: secretKey, Protocol: 'http:' })
const target = { Bucket: 'kinoprint-1250000000', Region: 'ap-local' }

const body = `<Request><Tag>DNA</Tag><Input><Object>${object}</Object></Input><Operation><DnaConfig>
  <RuleType>${ruleType}</RuleType><DnaDbId>${dnaDbId}</DnaDbId>${videoId ? `<VideoId>${videoId}</VideoId>` : ''}
</DnaConfig></Operation></Request>`
const headers = { 'content-type': 'application/xml' }
const submitted = await cos.request({
  ...target,
  Method: 'POST',
  Key: 'jobs',
  Url: `${server}/jobs`,
  Headers: headers,
  Body: body,
})
let job = submitted.Response.JobsDetail
console.log(`${job.JobId} ${job.State}`)

while (job.State === 'Submitted' || job.State === 'Running' || job.State === 'Pause') {
  await new Promise((resolve) => setTimeout(resolve, 300))
  const key = `jobs/${job.JobId}`
  const answer = await cos.request({ ...target, Method: 'GET', Key: key, Url: `${server}/${key}` })
  job = answer.Response.JobsDetail
}
console.log(JSON.stringify(job, null, 2))
process.exitCode = job.State === 'Success' ? 0 : 1
