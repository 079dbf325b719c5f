import { listText } from '../../format/format.ts'
import { alterationText } from '../../matching/alterations.ts'
import type { Evidence, EvidencePassage } from '../../matching/evidence.ts'
import { scoreText } from '../../matching/format.ts'
import type { Passage } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { whyNotText } from '../../matching/why-not.ts'

/** Why a passage matches: one sentence, then each figure beside its threshold. */
export function Why(props: {
  readonly index: number
  readonly passage: Passage
  readonly found: EvidencePassage | undefined
  readonly evidence: Evidence
}) {
  const { index, passage, found, evidence } = props
  const texts = matchTexts.value.why
  const { thresholds: limits, whyNot } = evidence
  const { picture = null, sound = null } = found ?? {}
  return (
    <section class="vsec">
      <h2>{whyNot === null ? texts.title(index + 1) : texts.notTitle}</h2>
      {whyNot !== null && (
        <p class="why-says">
          <b>{whyNotText(whyNot)}</b>
        </p>
      )}
      <p class="why-says">
        {whyNot === null
          ? texts.says[passage.kind]
          : texts.saysWeak[passage.kind]((passage.queryEnd - passage.queryStart).toFixed(1))}
        {alterationText(passage).length > 0 && ` ${texts.changed(listText(alterationText(passage)))}`}
      </p>
      <div class="why">
        {picture !== null && (
          <>
            <Scale
              name={texts.alike}
              hint={texts.alikeHint(limits.alikeBits)}
              at={picture.rows === 0 ? 0 : picture.alike / picture.rows}
              good={[0, 1]}
              value={`${picture.alike}/${picture.rows}`}
            />
            {picture.medianBits !== null && (
              <Scale
                name={texts.difference}
                hint={texts.differenceHint(limits.alikeBits)}
                at={picture.medianBits / limits.unrelatedBits}
                good={[0, limits.alikeBits / limits.unrelatedBits]}
                value={String(picture.medianBits)}
              />
            )}
            {picture.movingBits < limits.movingBits ? (
              <p class="sm q whole">{texts.still}</p>
            ) : (
              <Scale
                name={texts.movement}
                hint={texts.movementHint(limits.cosineFloor.toFixed(2), limits.cosineFull.toFixed(2))}
                at={picture.cosine}
                good={[limits.cosineFloor, 1]}
                value={signedText(picture.cosine)}
              />
            )}
          </>
        )}
        {sound !== null && sound.meanBits !== null && (
          <Scale
            name={texts.sound}
            hint={texts.soundHint(limits.soundBits)}
            at={sound.meanBits / 16}
            good={[0, limits.soundBits / 16]}
            value={sound.meanBits.toFixed(1)}
          />
        )}
        <Scale
          name={texts.confidence}
          hint={texts.confidenceHint(limits.accept.toFixed(2))}
          at={passage.score}
          good={[limits.accept, 1]}
          value={scoreText(passage.score)}
        />
      </div>
      {picture !== null && sound !== null && passage.kind === 'both' && (
        <p class="sm q">{texts.sum(scoreText(picture.score), scoreText(sound.score))}</p>
      )}
    </section>
  )
}

/** Two decimals with a true minus sign, and none before a zero. */
function signedText(value: number): string {
  return (Math.round(100 * value) / 100 + 0).toFixed(2).replace('-', '−')
}

function Scale(props: {
  readonly name: string
  readonly hint: string
  /** Where the point is, and from where to where it counts; 0 to 1. */
  readonly at: number
  readonly good: readonly [number, number]
  readonly value: string
}) {
  const { name, hint, at, good, value } = props
  const percent = (fraction: number) => `${100 * Math.max(0, Math.min(1, fraction))}%`
  const marks = good.filter((edge) => edge > 0 && edge < 1)
  return (
    <>
      <span>
        {name}
        <br />
        <span class="sm q">{hint}</span>
      </span>
      <span class="sc" aria-hidden="true">
        <span class="z" style={{ left: percent(good[0]), width: percent(good[1] - good[0]) }} />
        {marks.map((edge) => (
          <span key={edge} class="t" style={{ left: percent(edge) }} />
        ))}
        <span class="p" style={{ left: percent(at) }} />
      </span>
      <span class="v">{value}</span>
    </>
  )
}
