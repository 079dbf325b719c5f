import { signal } from '@preact/signals'
import { CloudOff } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { ErrorBoundary, LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso'
import { api } from '../api/client.ts'
import { isOnline } from '../api/connection.ts'
import type { ApiFault } from '../api/fault.ts'
import { mayHaveSession, session, sessionExpired } from '../api/session.ts'
import { ShellKeys } from '../keys/shell-keys.tsx'
import { conflicts, keptCount, refusals } from '../matching/undecided.ts'
import { messages } from '../messages/messages.ts'
import { LiveRegions } from '../parts/announce.tsx'
import { Icon } from '../parts/icon.tsx'
import { LoadFailed } from '../parts/load-failed.tsx'
import { ToastArea } from '../parts/toast.tsx'
import { useEventStream } from './live.ts'
import { Navigation, TabBar } from './navigation.tsx'
import { firstPage, pages, preloadPage } from './pages.tsx'
import { SignIn } from './sign-in.tsx'

const UndecidedDialog = lazy(() => import('../matching/undecided-dialog.tsx'))

const Readiness = lazy(() => import('../parts/readiness.tsx'))

const startFault = signal<ApiFault | null>(null)

function readSession(): void {
  startFault.value = null
  if (!mayHaveSession()) {
    session.value = null
    return
  }
  preloadPage(location.pathname)
  api.getSession().then(
    (answer) => {
      session.value = answer
    },
    (thrown: ApiFault) => {
      if (thrown.status === 401 || thrown.status === 404) session.value = null
      else startFault.value = thrown
    },
  )
}

/** The console: sign-in, or the shell around the page of the address. */
export function App() {
  useEffect(readSession, [])
  return (
    <>
      <Content />
      <LiveRegions />
    </>
  )
}

function Content() {
  if (startFault.value !== null) {
    return (
      <main class="signin">
        {startFault.value.status === 503 ? (
          <ErrorBoundary>
            <Readiness onReady={readSession} />
          </ErrorBoundary>
        ) : (
          <LoadFailed fault={startFault.value} retry={readSession} />
        )}
      </main>
    )
  }
  if (session.value === undefined) return null
  if (session.value === null) return <SignIn />
  return (
    <LocationProvider scope={/^\/(?:console(?:\/|$)|$)/}>
      <Shell />
    </LocationProvider>
  )
}

function Shell() {
  useEventStream()
  const texts = messages.value.shell
  return (
    <>
      <a class="skip" href="#content">
        {texts.skip}
      </a>
      <div class="app">
        <Navigation />
        <main class="main" id="content" tabIndex={-1}>
          {!isOnline.value && (
            <p class="offline" role="status">
              <Icon of={CloudOff} /> {texts.offline(keptCount.value)}
            </p>
          )}
          <ErrorBoundary>
            <Router>
              {pages.map(({ path, component }) => (
                <Route key={path} path={path} component={component} />
              ))}
              <Route path="/" component={ToFirstPage} />
              <Route path="/console" component={ToFirstPage} />
              <Route path="/console/sign-in" component={ToFirstPage} />
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        </main>
      </div>
      <TabBar />
      <ToastArea />
      <ShellKeys />
      {(conflicts.value.length > 0 || refusals.value.length > 0) && (
        <ErrorBoundary>
          <UndecidedDialog />
        </ErrorBoundary>
      )}
      {sessionExpired.value && <SignInDialog />}
    </>
  )
}

/** Opens the first page; after signing in at `?to=`, the page that was wanted. */
function ToFirstPage() {
  const { route, query } = useLocation()
  const wanted = query.to ?? ''
  useEffect(() => route(/^\/console\/(?!\/)/.test(wanted) ? wanted : firstPage, true), [])
  return null
}

function NotFound() {
  const texts = messages.value.shell
  return (
    <>
      <header class="head">
        <h1>{texts.notFoundTitle}</h1>
      </header>
      <div class="body">
        <p>{texts.notFound}</p>
        <p>
          <a class="t" href={firstPage}>
            {texts.toOverview}
          </a>
        </p>
      </div>
    </>
  )
}

/** Sign-in over the page when the session has ended, so that nothing typed is lost. */
function SignInDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      aria-label={messages.value.signIn.title}
      onCancel={(event) => event.preventDefault()}
    >
      <SignIn />
    </dialog>
  )
}
