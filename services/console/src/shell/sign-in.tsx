import { CircleAlert } from 'lucide'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ErrorBoundary, lazy } from 'preact-iso'
import { api } from '../api/client.ts'
import { ApiFault } from '../api/fault.ts'
import { session, sessionExpired } from '../api/session.ts'
import { useLoad } from '../api/use-load.ts'
import { language, messages } from '../messages/messages.ts'
import { Icon } from '../parts/icon.tsx'
import { setPreference } from '../preferences.ts'
import { Mark } from './navigation.tsx'

const ProviderSignIn = lazy(() => import('./provider-sign-in.tsx'))

const TOKEN_FILE = 'data/admin-token'
const RETRY_SECONDS = 60

/** Signs in with the identity provider or the admin token. As a page when signed out, in a dialog when a session has ended. */
export function SignIn() {
  const texts = messages.value.signIn
  const { data, fault } = useLoad(() => api.listSignInMethods()).value
  const hasProvider = data?.oidc === true
  const isKnown = data !== undefined || fault !== undefined
  return (
    <main class="signin">
      <div class="card signin-card">
        <div class="row">
          <Mark />
          <h1>{texts.title}</h1>
        </div>
        {sessionExpired.value && <p class="q">{texts.expired}</p>}
        {(hasProvider || new URLSearchParams(location.search).has('problem')) && (
          <ErrorBoundary>
            <ProviderSignIn isAvailable={hasProvider} />
          </ErrorBoundary>
        )}
        {hasProvider ? (
          <details class="signin-token">
            <summary>{texts.withToken}</summary>
            <TokenForm />
          </details>
        ) : (
          isKnown && <TokenForm />
        )}
        <Languages />
      </div>
    </main>
  )
}

function TokenForm() {
  const texts = messages.value.signIn
  const [token, setToken] = useState('')
  const [name, setName] = useState('')
  const [isShown, setShown] = useState(false)
  const [isCopied, setCopied] = useState(false)
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [wait, setWait] = useState(0)
  const field = useRef<HTMLInputElement>(null)
  // Before the first frame, so that no character typed at once is lost.
  useLayoutEffect(() => field.current?.focus(), [])
  useEffect(() => {
    if (wait === 0) return
    const timer = setTimeout(() => setWait(wait - 1), 1000)
    return () => clearTimeout(timer)
  }, [wait])

  const submit = async (event: Event) => {
    event.preventDefault()
    setSending(true)
    try {
      const trimmed = name.trim()
      session.value = await api.signIn({
        body: { token: token.trim(), ...(trimmed === '' ? {} : { name: trimmed }) },
      })
      sessionExpired.value = false
    } catch (thrown) {
      const fault = thrown instanceof ApiFault ? thrown : null
      if (fault?.status === 429) setWait(fault.retryAfter ?? RETRY_SECONDS)
      setProblem(
        fault?.status === 401
          ? texts.wrong
          : fault?.status === 429
            ? null
            : (fault?.message ?? String(thrown)),
      )
      field.current?.focus()
    } finally {
      setSending(false)
    }
  }
  const copy = () => {
    navigator.clipboard.writeText(TOKEN_FILE).then(
      () => setCopied(true),
      () => undefined,
    )
  }
  const shown = wait > 0 ? texts.tooMany(wait) : problem
  return (
    <form class="signin-form" onSubmit={submit}>
      <label class="field">
        <span class="cap">{texts.token}</span>
        <span class="in-field">
          <input
            ref={field}
            type={isShown ? ('text' as 'password') : 'password'}
            autocomplete="current-password"
            spellcheck={false}
            required
            value={token}
            aria-describedby="sign-in-problem"
            aria-invalid={shown !== null}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
          <button type="button" class="btn xs gh" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? texts.hide : texts.show}
          </button>
        </span>
      </label>
      <p id="sign-in-problem" class="err" role="alert">
        {shown !== null && (
          <>
            <Icon of={CircleAlert} /> {shown}
          </>
        )}
      </p>
      <label class="field">
        <span class="cap">{texts.name}</span>
        <span class="in-field">
          <input
            maxLength={128}
            autocomplete="name"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </span>
        <span class="sm qq">{texts.nameHint}</span>
      </label>
      <button type="submit" class="btn p" disabled={isSending || wait > 0 || token.trim() === ''}>
        {texts.submit}
      </button>
      <div class="col">
        <p class="sm q">{texts.where}</p>
        <div class="where sm">
          <code class="m">{TOKEN_FILE}</code>
          <button type="button" class="btn xs" onClick={copy}>
            {isCopied ? texts.copied : texts.copy}
          </button>
        </div>
      </div>
    </form>
  )
}

function Languages() {
  return (
    <div class="row sm languages">
      {(['en', 'zh'] as const).map((one) => (
        <button
          key={one}
          type="button"
          class="btn xs gh"
          lang={one === 'zh' ? 'zh-CN' : 'en'}
          aria-pressed={language.value === one}
          onClick={() => setPreference('language', one)}
        >
          {one === 'zh' ? '中文' : 'English'}
        </button>
      ))}
    </div>
  )
}
