import { Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef, useState, type ReactElement } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'

import { ApiFailure } from './api/client.ts'
import { sessionQuery } from './api/queries.ts'
import { EventsProvider } from './events/provider.tsx'
import { ShortcutProvider, useShortcuts } from './keys/shortcuts.tsx'
import { LivePage } from './live/live-page.tsx'
import { SignInPage } from './session/sign-in-page.tsx'
import { ErrorBoundary } from './shell/error-boundary.tsx'
import { FailureNote } from './shell/failure-note.tsx'
import { NotFound } from './shell/not-found.tsx'
import { SessionContext, useSession } from './shell/session-context.ts'
import { ShortcutHelp } from './shell/shortcut-help.tsx'
import { readFlag, writeFlag } from './shell/stored.ts'
import { TopBar } from './shell/top-bar.tsx'
import { WatchNotice } from './watch/watch-notice.tsx'

import './shell/parts.css'

const CrossingsPage = lazy(async () => ({
  default: (await import('./crossings/crossings-page.tsx')).CrossingsPage,
}))
const CrossingPage = lazy(async () => ({
  default: (await import('./crossings/crossing-page.tsx')).CrossingPage,
}))
const ReviewPage = lazy(async () => ({
  default: (await import('./review/review-page.tsx')).ReviewPage,
}))
const LogPage = lazy(async () => ({ default: (await import('./log/log-page.tsx')).LogPage }))
const WatchPage = lazy(async () => ({
  default: (await import('./watch/watch-page.tsx')).WatchPage,
}))
const RetentionPage = lazy(async () => ({
  default: (await import('./retention/retention-page.tsx')).RetentionPage,
}))
const StaysPage = lazy(async () => ({
  default: (await import('./stays/stays-page.tsx')).StaysPage,
}))
const StayHistoryPage = lazy(async () => ({
  default: (await import('./stays/history-page.tsx')).StayHistoryPage,
}))
const ContractorsPage = lazy(async () => ({
  default: (await import('./contractors/contractors-page.tsx')).ContractorsPage,
}))
const ReleasesPage = lazy(async () => ({
  default: (await import('./releases/releases-page.tsx')).ReleasesPage,
}))
const PartyShell = lazy(async () => ({
  default: (await import('./contractors/party-shell.tsx')).PartyShell,
}))
const SecondaryPage = lazy(async () => ({
  default: (await import('./secondary/secondary-page.tsx')).SecondaryPage,
}))
const ExplanationPage = lazy(async () => ({
  default: (await import('./secondary/explanation-page.tsx')).ExplanationPage,
}))
const GalleriesPage = lazy(async () => ({
  default: (await import('./galleries/galleries-page.tsx')).GalleriesPage,
}))
const CalibrationsPage = lazy(async () => ({
  default: (await import('./calibrations/calibrations-page.tsx')).CalibrationsPage,
}))
const SignsPage = lazy(async () => ({
  default: (await import('./signs/signs-page.tsx')).SignsPage,
}))
const IncidentsPage = lazy(async () => ({
  default: (await import('./incidents/incidents-page.tsx')).IncidentsPage,
}))
const LeaksPage = lazy(async () => ({
  default: (await import('./leaks/leaks-page.tsx')).LeaksPage,
}))
const SearchPage = lazy(async () => ({
  default: (await import('./leaks/search-page.tsx')).SearchPage,
}))
const RoomPage = lazy(async () => ({
  default: (await import('./incidents/room-page.tsx')).RoomPage,
}))
const ReplayPage = lazy(async () => ({
  default: (await import('./replay/replay-page.tsx')).ReplayPage,
}))
const ReportPage = lazy(async () => ({
  default: (await import('./incidents/report-page.tsx')).ReportPage,
}))
const DevicesPage = lazy(async () => ({
  default: (await import('./devices/devices-page.tsx')).DevicesPage,
}))
const HandOverPage = lazy(async () => ({
  default: (await import('./devices/hand-over-page.tsx')).HandOverPage,
}))
const IntegrationsPage = lazy(async () => ({
  default: (await import('./integrations/integrations-page.tsx')).IntegrationsPage,
}))
const PeoplePage = lazy(async () => ({
  default: (await import('./people/people-page.tsx')).PeoplePage,
}))

/** Signed out: the sign-in page. Signed in: everything else. */
export function App(): ReactElement {
  return (
    <ErrorBoundary>
      <Switch>
        <Route path="/sign-in/:from?" component={SignInPage} />
        <Route path="/report">
          {() => (
            <Suspense fallback={<Loader aria-label="Loading" size="sm" />}>
              <ReportPage />
            </Suspense>
          )}
        </Route>
        <Route component={SignedIn} />
      </Switch>
    </ErrorBoundary>
  )
}

function SignedIn(): ReactElement {
  const session = useQuery(sessionQuery)
  const [enabled, setEnabled] = useState(() => readFlag('shortcuts', true))
  const error = session.error
  if (error instanceof ApiFailure && error.status === 401) {
    const here = location.pathname + location.search
    return <Redirect replace to={`/sign-in?to=${encodeURIComponent(here)}`} />
  }
  if (session.data === undefined) {
    return (
      <main className="sp-main">
        {error === null ? (
          <Loader aria-label="Loading" size="sm" />
        ) : (
          <FailureNote
            doing="The console could not start"
            error={error}
            onRetry={() => void session.refetch()}
          />
        )}
      </main>
    )
  }
  const choice = {
    shortcuts: enabled,
    onShortcuts: (on: boolean) => {
      writeFlag('shortcuts', on)
      setEnabled(on)
    },
  }
  if (session.data.account.party !== 'agency') {
    return (
      <SessionContext value={session.data}>
        <Suspense fallback={<Loader aria-label="Loading" size="sm" />}>
          <PartyShell {...choice} />
        </Suspense>
      </SessionContext>
    )
  }
  return (
    <SessionContext value={session.data}>
      <EventsProvider>
        <ShortcutProvider enabled={enabled}>
          <Shell {...choice} />
        </ShortcutProvider>
      </EventsProvider>
    </SessionContext>
  )
}

function Shell(props: {
  readonly shortcuts: boolean
  readonly onShortcuts: (on: boolean) => void
}): ReactElement {
  const session = useSession()
  const [place, navigate] = useLocation()
  const [help, setHelp] = useState(false)
  const main = useRef<HTMLElement>(null)
  const first = useRef(true)
  useShortcuts({
    'go-live': () => navigate('/'),
    'go-crossings': () => navigate('/crossings'),
    'go-review': () => navigate('/review'),
    'go-watch': () => navigate('/watch'),
    'go-secondary': () => navigate('/secondary'),
    'go-signs': () => navigate('/signs'),
    'go-galleries': () => navigate('/galleries'),
    'go-calibrations': () => navigate('/calibrations'),
    'go-retention': () => navigate('/retention'),
    'go-stays': () => navigate('/stays'),
    'go-contractors': () => navigate('/contractors'),
    'go-releases': () => navigate('/releases'),
    'go-incidents': () => navigate('/incidents'),
    'go-leaks': () => navigate('/leaks'),
    'go-log': () => navigate('/log'),
    'go-devices': () => navigate('/devices'),
    'go-people': () => navigate('/people'),
    'go-integrations': () => navigate('/integrations'),
    search: () => navigate('/crossings'),
    help: () => setHelp(true),
  })
  useEffect(() => {
    // A new page starts at its top for the eye and for the keyboard.
    if (!first.current) {
      window.scrollTo(0, 0)
      main.current?.focus({ preventScroll: true })
    }
    first.current = false
  }, [place])
  return (
    <>
      <a className="sp-skip" href="#main">
        Skip to the page
      </a>
      <TopBar {...props} onHelp={() => setHelp(true)} />
      {session.synthetic && (
        <div className="sp-synthetic sp-hatched" role="note">
          All pictures here are synthetic: drawn by the demo itself
          {session.picture_lane === null ? '.' : ', but for those that you add yourself.'}
        </div>
      )}
      <WatchNotice />
      <main className="sp-main" id="main" ref={main} tabIndex={-1}>
        <ErrorBoundary key={place}>
          <Suspense fallback={<Loader aria-label="Loading" size="sm" />}>
            <Switch>
              <Route path="/" component={LivePage} />
              <Route path="/crossings" component={CrossingsPage} />
              <Route path="/crossings/:id">{({ id }) => <CrossingPage key={id} id={id} />}</Route>
              <Route path="/review" component={ReviewPage} />
              <Route path="/watch">{() => <WatchPage part="hits" />}</Route>
              <Route path="/watch/travellers">{() => <WatchPage part="travellers" />}</Route>
              <Route path="/watch/entries">{() => <WatchPage part="entries" />}</Route>
              <Route path="/watch/judged">{() => <WatchPage part="judged" />}</Route>
              <Route path="/secondary">{() => <SecondaryPage part="referred" />}</Route>
              <Route path="/secondary/closed">{() => <SecondaryPage part="closed" />}</Route>
              <Route path="/secondary/figures">{() => <SecondaryPage part="figures" />}</Route>
              <Route path="/secondary/explanation/:id">
                {({ id }) => <ExplanationPage key={id} id={id} />}
              </Route>
              <Route path="/signs" component={SignsPage} />
              <Route path="/galleries" component={GalleriesPage} />
              <Route path="/calibrations" component={CalibrationsPage} />
              <Route path="/retention">{() => <RetentionPage part="due" />}</Route>
              <Route path="/retention/policy">{() => <RetentionPage part="policy" />}</Route>
              <Route path="/retention/holds">{() => <RetentionPage part="holds" />}</Route>
              <Route path="/retention/shredded">{() => <RetentionPage part="shredded" />}</Route>
              <Route path="/retention/days">{() => <RetentionPage part="days" />}</Route>
              <Route path="/stays">{() => <StaysPage part="overstays" />}</Route>
              <Route path="/stays/late">{() => <StaysPage part="late" />}</Route>
              <Route path="/stays/inside">{() => <StaysPage part="inside" />}</Route>
              <Route path="/stays/unmatched">{() => <StaysPage part="unmatched" />}</Route>
              <Route path="/stays/history/:plate">
                {({ plate }) => <StayHistoryPage key={plate} plate={decodeURIComponent(plate)} />}
              </Route>
              <Route path="/contractors" component={ContractorsPage} />
              <Route path="/releases" component={ReleasesPage} />
              <Route path="/incidents" component={IncidentsPage} />
              <Route path="/incidents/:id">{({ id }) => <RoomPage key={id} id={id} />}</Route>
              <Route path="/replay" component={ReplayPage} />
              <Route path="/leaks" component={LeaksPage} />
              <Route path="/leaks/:id">{({ id }) => <SearchPage key={id} id={id} />}</Route>
              <Route path="/log" component={LogPage} />
              <Route path="/devices" component={DevicesPage} />
              <Route path="/devices/hand-over/:id">
                {({ id }) => <HandOverPage key={id} id={id} />}
              </Route>
              <Route path="/people" component={PeoplePage} />
              <Route path="/integrations" component={IntegrationsPage} />
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </main>
      <ShortcutHelp opened={help} onClose={() => setHelp(false)} />
    </>
  )
}
