import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import { send } from '../http/send.ts'

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Fonts are compressed already. */
const COMPRESSED = /\.(?:html|js|css|svg|txt)$/
const GZIP_MIN_BYTES = 512
const YEAR_SECONDS = 31_536_000

type StaticFile = {
  readonly contentType: string
  readonly body: Buffer
  readonly gzipped: Buffer | null
  readonly etag: string
}

/** The files of the built console by address. They fit into memory, and no request names a path on the disk. */
function readFiles(folder: string): ReadonlyMap<string, StaticFile> {
  if (!existsSync(join(folder, 'index.html')))
    throw new Fault(
      'InvalidSettings',
      `The web console is not built: ${folder} has no index.html. Run npm run build.`,
    )
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    paths.map((path) => {
      const body = readFileSync(path)
      const canCompress = COMPRESSED.test(path) && body.length >= GZIP_MIN_BYTES
      return [
        `/console/${relative(folder, path).split(sep).join('/')}`,
        {
          contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
          body,
          gzipped: canCompress ? gzipSync(body, { level: 9 }) : null,
          etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
        },
      ]
    }),
  )
}

/**
 * Serves the web console from the folder of its build: the page for every address of the console, and its files. File
 * names in `assets` carry a hash of their content, so browsers keep them. Throws the Fault `InvalidSettings` if the
 * folder holds no build.
 */
export function serveConsole(folder: string): {
  readonly page: RequestHandler
  readonly files: RequestHandler
} {
  const files = readFiles(folder)
  const shell = files.get('/console/index.html')
  if (shell === undefined) throw new Error(`The console in ${folder} is not built. Run: npm run build`)
  const sendFile = (file: StaticFile, cacheControl: string): RequestHandler => {
    return (req, res) => {
      res.setHeader('Content-Security-Policy', POLICY)
      res.setHeader('X-Content-Type-Options', 'nosniff')
      res.setHeader('Referrer-Policy', 'same-origin')
      res.setHeader('Cache-Control', cacheControl)
      res.setHeader('ETag', file.etag)
      res.setHeader('Vary', 'Accept-Encoding')
      if (req.headers['if-none-match'] === file.etag) {
        res.statusCode = 304
        res.end()
        return
      }
      const gzipped = req.acceptsEncodings('gzip') === 'gzip' ? file.gzipped : null
      if (gzipped !== null) res.setHeader('Content-Encoding', 'gzip')
      send(res, { status: 200, contentType: file.contentType, body: gzipped ?? file.body })
    }
  }
  const page = sendFile(shell, 'no-cache')
  const handlers = new Map(
    [...files].map(([path, file]) => {
      const isHashed = path.startsWith('/console/assets/')
      return [path, sendFile(file, isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache')]
    }),
  )
  return {
    page,
    files: (req, res, next) => {
      const handler = handlers.get(req.path)
      if (handler !== undefined) return handler(req, res, next)
      // Old file names after an update must not return the page, which is not a script.
      if (req.path.startsWith('/console/assets/')) {
        return send(res, {
          status: 404,
          contentType: 'text/plain; charset=utf-8',
          body: 'The console has no such file. Reload the page.\n',
        })
      }
      return page(req, res, next)
    },
  }
}
