import type { RouteAnswer } from '@kinoprint/contract'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import type { Loaded } from '../../api/use-load.ts'
import { numberText, percentText } from '../../format/format.ts'
import { act } from '../../parts/act.ts'
import { announce } from '../../parts/announce.tsx'
import { Bar } from '../../parts/bar.tsx'
import { LoadedCard } from '../../parts/loaded-card.tsx'
import { queueTexts } from './queue-texts.ts'

type ShardMap = RouteAnswer<'listShards'>
type Shard = ShardMap['shards'][number]
type Report = RouteAnswer<'checkShards'>['items'][number]

/** Each shard with what it holds, a check of all, and the move in progress. Nothing without shards. */
export function Shards({ loaded }: { readonly loaded: Loaded<ShardMap> }) {
  const texts = queueTexts.value
  const [reports, setReports] = useState<readonly Report[]>([])
  const [isChecking, setChecking] = useState(false)
  if (loaded.data === undefined || loaded.data.shards.length === 0) return null
  const check = async () => {
    setChecking(true)
    const succeeded = await act(async () => setReports((await api.checkShards()).items))
    setChecking(false)
    if (succeeded) announce(texts.shardsChecked)
    loaded.reload()
  }
  const button = (
    <button type="button" class="btn" disabled={isChecking} onClick={check} {...needs('checkShards')}>
      {isChecking ? texts.checkingShards : texts.checkShards}
    </button>
  )
  return (
    <LoadedCard title={texts.shards} loaded={loaded} aside={button}>
      {({ shards, onPrimary, move }) => (
        <>
          <table class="data" aria-label={texts.shards}>
            <thead>
              <tr>
                <th>{texts.shard}</th>
                <th class="r hide-s">{texts.shardLibraries}</th>
                <th class="r">{texts.fingerprints}</th>
                <th class="r hide-s">{texts.indexRows}</th>
                <th>{texts.lastCheck}</th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <td class="b">{texts.primary}</td>
                <td class="r hide-s">–</td>
                <td class="r">{numberText(onPrimary)}</td>
                <td class="r hide-s">–</td>
                <td class="q">–</td>
              </tr>
              {shards.map((shard) => (
                <Row
                  key={shard.name}
                  shard={shard}
                  report={reports.find(({ name }) => name === shard.name)}
                />
              ))}
            </tbody>
          </table>
          {move !== null && <Move move={move} />}
        </>
      )}
    </LoadedCard>
  )
}

function Row({ shard, report }: { readonly shard: Shard; readonly report: Report | undefined }) {
  const texts = queueTexts.value
  const { name, problem, libraries, fingerprints, indexRows } = shard
  return (
    <tr>
      <td>
        <span class="row">
          <span class={problem === null ? 'dot' : 'dot w'} aria-hidden="true" />
          <span class="col">
            <span class="b" dir="auto" translate={false}>
              {name}
            </span>
            <span class="sm q" dir="auto">
              {problem === null ? texts.shardPresent : texts.shardAway(problem)}
            </span>
          </span>
        </span>
      </td>
      <td class="r hide-s">{numberText(libraries)}</td>
      <td class="r">{numberText(fingerprints)}</td>
      <td class="r hide-s">{indexRows === null ? '–' : numberText(indexRows)}</td>
      <td class="sm">{report === undefined ? <span class="q">–</span> : resultOf(report)}</td>
    </tr>
  )
}

function resultOf({ problem, missing, orphans }: Report): string {
  const texts = queueTexts.value
  if (problem !== null) return texts.notChecked
  if (missing > 0) return texts.shardLacks(numberText(missing))
  return orphans > 0 ? texts.shardOrphans(numberText(orphans)) : texts.shardInOrder
}

function Move({ move }: { readonly move: NonNullable<ShardMap['move']> }) {
  const texts = queueTexts.value
  const moved = numberText(move.moved)
  if (move.endedAt !== null) return <p class="in sm q">{texts.moveEnded(moved)}</p>
  return (
    <div class="in col shard-move">
      <Bar value={move.progress} label={texts.moving} />
      <p class="sm q" dir="auto">
        {texts.movingNow(moved, percentText(move.progress))}
        {move.problem !== null && ` ${texts.moveWaits(move.problem)}`}
      </p>
    </div>
  )
}
