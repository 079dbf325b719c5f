// Receives callbacks and checks them by Standard Webhooks. npm install standardwebhooks, then:
// CALLBACK_SECRET=whsec_… PORT=9000 node receiver.mjs
import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(process.env.CALLBACK_SECRET)
// Or, with the SecretKey of an API key: new Webhook(process.env.SECRET_KEY, { format: 'raw' })

// A real receiver keeps the ids for a day or longer, in its database.
const seen = new Set()

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString()
  try {
    // Throws if the signature is wrong, or the time is more than five minutes off.
    webhook.verify(body, request.headers, { jsonParse: false })
  } catch {
    response.writeHead(401).end('The signature is wrong, or too old.')
    return
  }
  const id = request.headers['webhook-id']
  if (!seen.has(id)) console.log(body)
  seen.add(id)
  response.writeHead(204).end()
})
server.listen(Number(process.env.PORT ?? 9000), '127.0.0.1', () =>
  console.error(`Waiting for callbacks on http://127.0.0.1:${server.address().port}/`),
)
