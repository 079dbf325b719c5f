import { type Product, runningStack, startEmbedded, startOnServers } from './product.ts'

/**
 * The deployments that the suite runs against: embedded and on servers, or only the stack at E2E_URL.
 */
export const waysOfRunning: readonly { readonly way: string; readonly start: () => Promise<Product> }[] =
  runningStack()
    ? [{ way: 'a running stack', start: async () => runningStack() ?? startEmbedded() }]
    : [
        { way: 'embedded', start: () => startEmbedded() },
        { way: 'on servers', start: () => startOnServers() },
      ]

/** One of them, for what does not depend on the deployment. */
export const oneWayOfRunning = waysOfRunning.slice(-1)
