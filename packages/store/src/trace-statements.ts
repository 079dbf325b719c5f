import { inSpan, type SpanStart } from '@kinoprint/core'
import type pg from 'pg'

/** Longer statements are cut off in traces. */
const MAX_TEXT = 2_000

type Query = (...args: unknown[]) => unknown

/**
 * Makes the statements of a pool spans of the trace in progress, with their text but not their values. It wraps the pool
 * as well as its clients, because the pool runs a statement in the context of the one that released its client.
 */
export function traceStatements(pool: pg.Pool): void {
  pool.query = traced(pool.query.bind(pool) as Query) as typeof pool.query
  pool.on('connect', (client) => {
    client.query = traced(client.query.bind(client) as Query) as typeof client.query
  })
}

/** Statements with a callback are those that the pool itself passes to a client. */
function traced(query: Query): Query {
  return (...args) => {
    const text = textOf(args[0])
    if (text === null || args.some((arg) => typeof arg === 'function')) return query(...args)
    return inSpan(spanOf(text), async () => query(...args))
  }
}

function textOf(statement: unknown): string | null {
  if (typeof statement === 'string') return statement
  const { text } = (statement ?? {}) as { readonly text?: unknown }
  return typeof text === 'string' ? text : null
}

function spanOf(text: string): SpanStart {
  const operation = /\w+/.exec(text)?.[0].toUpperCase() ?? 'SQL'
  return {
    name: `SQL ${operation}`,
    kind: 'client',
    needsParent: true,
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      'db.query.text': text.replace(/\s+/g, ' ').slice(0, MAX_TEXT),
    },
  }
}
