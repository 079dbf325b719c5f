import { type Product, runningStack, startEmbedded, startOnServers } from './product.ts'

/**
 * The ways of running the product over which the suite is repeated: embedded and on servers, or only the stack that
 * E2E_URL names.
 */
export const waysOfRunning: readonly { readonly way: string; readonly start: () => Promise<Product> }[] =
  runningStack()
    ? [{ way: 'a running stack', start: async () => runningStack() ?? startEmbedded() }]
    : [
        { way: 'embedded', start: () => startEmbedded() },
        { way: 'on servers', start: () => startOnServers() },
      ]
