import { CircleAlert, CircleCheck } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { numberText } from '../../format/format.ts'
import { announce } from '../../parts/announce.tsx'
import { Icon } from '../../parts/icon.tsx'
import { settingsTexts } from './settings-texts.ts'

type Task = 'check' | 'repair' | 'reindex'
type Report = { readonly task: Task; readonly isGood: boolean; readonly lines: readonly string[] }

/** Tasks that a person starts, with the report of the last one. */
export function Maintenance() {
  const texts = settingsTexts.value
  const [running, setRunning] = useState<Task | null>(null)
  const [report, setReport] = useState<Report | null>(null)
  const run = async (task: Task) => {
    setRunning(task)
    setReport(null)
    try {
      const { result } = await api.runMaintenance({ params: { task } })
      const next = reportOf(task, result)
      setReport(next)
      announce(next.lines.join(' '))
    } catch (thrown) {
      setReport({ task, isGood: false, lines: [thrown instanceof Error ? thrown.message : String(thrown)] })
    } finally {
      setRunning(null)
    }
  }
  const tasks = [
    { task: 'check', label: texts.check, hint: texts.checkHint },
    { task: 'repair', label: texts.repair, hint: texts.repairHint },
    { task: 'reindex', label: texts.reindex, hint: texts.reindexHint },
  ] as const
  return (
    <section class="card">
      <header>
        <h2>{texts.maintenance}</h2>
      </header>
      <div class="in tasks">
        {tasks.map(({ task, label, hint }) => (
          <div key={task} class="row wrap">
            <button
              type="button"
              class="btn"
              disabled={running !== null}
              onClick={() => run(task)}
              {...needs('runMaintenance')}
            >
              {running === task ? texts.running : label}
            </button>
            <span class="q">{hint}</span>
          </div>
        ))}
        {report !== null && (
          <div class={report.isGood ? 'report ok' : 'report bad'} role="status">
            <Icon of={report.isGood ? CircleCheck : CircleAlert} />
            <ul>
              {report.lines.map((line) => (
                <li key={line} dir="auto">
                  {line}
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </section>
  )
}

/** The report of a task in sentences. */
function reportOf(task: Task, result: unknown): Report {
  const texts = settingsTexts.value
  if (task === 'reindex') {
    const videos =
      typeof result === 'object' && result !== null && 'videos' in result ? Number(result.videos) : 0
    return { task, isGood: true, lines: [texts.reindexed(numberText(videos))] }
  }
  const found = linesOf(result, 'faults')
  const lines = [...found, ...linesOf(result, 'repairs'), ...linesOf(result, 'notes')]
  return { task, isGood: found.length === 0, lines: lines.length === 0 ? [texts.noFaults] : lines }
}

function linesOf(result: unknown, field: string): string[] {
  if (typeof result !== 'object' || result === null) return []
  const list = (result as Record<string, unknown>)[field]
  if (!Array.isArray(list)) return []
  return list.map((item) =>
    typeof item === 'object' && item !== null && 'message' in item ? String(item.message) : String(item),
  )
}
