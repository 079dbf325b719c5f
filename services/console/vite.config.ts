import { adminRoutes, isBytes, usualAnswer } from '@kinoprint/contract'
import { defineConfig, type Plugin } from 'vite'

/**
 * The module `virtual:admin-routes`: method, path, form of the answer and lowest role of every admin route, without the schemas.
 * The table imports zod, which would be the largest part of the script.
 */
function adminRouteTable(): Plugin {
  const id = 'virtual:admin-routes'
  const answerOf = (body: ReturnType<typeof usualAnswer>['body']) => {
    if (body === null) return 'none'
    return isBytes(body) ? 'bytes' : 'json'
  }
  const rows = Object.entries(adminRoutes).map(([name, route]) => {
    const sent = 'body' in route && isBytes(route.body) ? 'bytes' : 'json'
    return [
      name,
      [route.method.toUpperCase(), route.path, answerOf(usualAnswer(route).body), sent, route.role],
    ]
  })
  return {
    name: 'admin-route-table',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load: (source) =>
      source === `\0${id}` ? `export default ${JSON.stringify(Object.fromEntries(rows))}` : undefined,
  }
}

/** `KINOPRINT_URL` is the server that `npm run dev` passes API requests on to. */
const server = process.env.KINOPRINT_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/console/',
  plugins: [adminRouteTable()],
  // Without 'development', a NODE_ENV of the shell would put file names and lines into each element of the build.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  build: {
    target: 'es2023',
    // The policy allows neither inline scripts nor fonts from data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/admin': server,
      '/console/oidc': server,
      '/readyz': server,
      '/healthz': server,
      '/docs': server,
      '/openapi.json': server,
    },
  },
})
