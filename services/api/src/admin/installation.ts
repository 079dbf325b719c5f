import { Fault } from '@kinoprint/core'
import { readStats } from '@kinoprint/store'
import { withReport } from './about.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

export function getStats({ db }: Pick<AdminContext, 'db'>): Answer<'getStats'> {
  return readStats(db)
}

/** Runs one task at a time, because each reads and writes the whole database. */
export async function runMaintenance(
  { maintenance = {}, maintenanceState }: Pick<AdminContext, 'maintenance' | 'maintenanceState'>,
  { params: { task: name } }: JsonRequest<'runMaintenance'>,
): Answer<'runMaintenance'> {
  const task = Object.hasOwn(maintenance, name) ? maintenance[name] : undefined
  if (!task) {
    const known = Object.keys(maintenance).join(', ') || 'none'
    throw new Fault('NotFound', `Maintenance task ${name} does not exist. Known tasks: ${known}.`)
  }
  const { running } = maintenanceState
  if (running !== null)
    throw new Fault(
      'Conflict',
      `Maintenance task ${running} is still running. Try again when it has finished.`,
    )
  maintenanceState.running = name
  try {
    return { task: name, result: (await withReport(maintenanceState.reports, name, task)) ?? null }
  } finally {
    maintenanceState.running = null
  }
}
