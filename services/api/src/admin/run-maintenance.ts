import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'

/**
 * POST /admin/maintenance/:task. The command line asks for it where a server holds the embedded data folder; the
 * tasks come from whoever composes the service. One at a time: they read and write the whole database.
 */
export const runMaintenance = ({ maintenance = {} }: ApiContext): RequestHandler => {
  let running: string | null = null
  return async (req, res) => {
    const name = String(req.params.task)
    const task = Object.hasOwn(maintenance, name) ? maintenance[name] : undefined
    if (!task) {
      const known = Object.keys(maintenance).join(', ') || 'none'
      throw new Fault('NotFound', `There is no maintenance task ${name}. Tasks here: ${known}.`)
    }
    if (running !== null) throw new Fault('Conflict', `Maintenance task ${running} is still running.`)
    running = name
    try {
      sendJson(res, 200, { task: name, result: (await task()) ?? null })
    } finally {
      running = null
    }
  }
}
