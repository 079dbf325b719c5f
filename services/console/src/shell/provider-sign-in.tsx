import { CircleAlert } from 'lucide'
import { useEffect } from 'preact/hooks'
import { api } from '../api/client.ts'
import { session, sessionExpired } from '../api/session.ts'
import { providerSignIn as en } from '../messages/en/provider-sign-in.ts'
import { textsOf } from '../messages/texts-of.ts'
import { providerSignIn as zh } from '../messages/zh/provider-sign-in.ts'
import { Icon } from '../parts/icon.tsx'

const providerTexts = textsOf({ en, zh })

/** Leads to the identity provider, and says what went wrong there. */
export default function ProviderSignIn({ isAvailable }: { readonly isAvailable: boolean }) {
  return (
    <>
      <ProviderProblem />
      {isAvailable && <ProviderLink />}
    </>
  )
}

/** What the identity provider or the server said about a sign-in that failed. */
function ProviderProblem() {
  const texts = providerTexts.value
  const query = new URLSearchParams(location.search)
  const [problem, request] = [texts.problems[query.get('problem') ?? ''], query.get('request')]
  if (problem === undefined) return null
  return (
    <p class="err" role="alert">
      <Icon of={CircleAlert} />
      <span>
        {problem}
        {request !== null && <span class="sm qq block">{texts.request(request)}</span>}
      </span>
    </p>
  )
}

/** Over a page, signing in opens in a new tab, so that nothing typed is lost. */
function ProviderLink() {
  const texts = providerTexts.value
  const isOverPage = sessionExpired.value
  useEffect(() => {
    if (!isOverPage) return
    const look = () => {
      if (document.hidden) return
      api.getSession().then(
        (answer) => {
          session.value = answer
          sessionExpired.value = false
        },
        () => undefined,
      )
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [isOverPage])
  return (
    <>
      <a
        class="btn p"
        href={`/console/oidc/sign-in?to=${encodeURIComponent(isOverPage ? '/console/overview' : wantedPage())}`}
        {...(isOverPage ? { target: '_blank', rel: 'noopener' } : {})}
      >
        {texts.withProvider}
      </a>
      {isOverPage && <p class="sm q">{texts.inNewTab}</p>}
    </>
  )
}

/** The page that was opened before signing in. */
function wantedPage(): string {
  const { pathname, search, hash } = location
  if (pathname === '/console/sign-in') return new URLSearchParams(search).get('to') ?? ''
  return `${pathname}${search}${hash}`
}
