import { PageHead } from '../../parts/page-head.tsx'
import { usePageTitle } from '../../parts/use-page-title.ts'
import TryIt from './try-it.tsx'
import { tryTexts } from './try-texts.ts'

/** The first run on a page of its own, at any time. */
export default function Try() {
  const texts = tryTexts.value
  usePageTitle(texts.pageTitle)
  return (
    <>
      <PageHead title={texts.pageTitle} />
      <div class="body">
        <TryIt isPage />
      </div>
    </>
  )
}
