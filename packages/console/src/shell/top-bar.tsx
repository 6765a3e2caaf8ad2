import { galleryReaders } from '@sallyport/core/faces/gallery-terms'
import { calibrators } from '@sallyport/core/faces/vault-calibration'
import { incidentRoles } from '@sallyport/core/incident/room'
import { retentionReaders } from '@sallyport/core/retention'
import { reviewers } from '@sallyport/core/review'
import { hitReaders } from '@sallyport/core/watch-decisions'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { alarmsQuery } from '../api/queries.ts'
import { clockTime, utcTime } from '../format/time.ts'
import { releasesQuery } from '../releases/api.ts'
import { wanting } from '../releases/waiting.ts'
import { total } from '../review/next-item.ts'
import { allWaiting, queueQuery } from '../review/review-queries.ts'
import { openHitsQuery } from '../watch/watch-queries.ts'
import { AccountMenu } from './account-menu.tsx'
import { useNow } from './clock.ts'
import { ConnectionBadge } from './connection-badge.tsx'
import {
  ContractIcon,
  CurveIcon,
  DeviceIcon,
  LeakIcon,
  LiveIcon,
  LogIcon,
  MarkIcon,
  PeopleIcon,
  PlugIcon,
  ReleaseIcon,
  RetentionIcon,
  ReviewIcon,
  SearchIcon,
  SecondaryIcon,
  GalleryIcon,
  SignIcon,
  StayIcon,
  WarnIcon,
  WatchIcon,
} from './icons.tsx'
import { PageRow } from './page-row.tsx'
import { useHolds, useSeesCrossings, useSession } from './session-context.ts'

import './shell.css'

const pages = [
  { href: '/', name: 'Live', Icon: LiveIcon },
  { href: '/crossings', name: 'Crossings', Icon: SearchIcon },
  { href: '/review', name: 'Review', Icon: ReviewIcon },
  { href: '/watch', name: 'Watch', Icon: WatchIcon },
  { href: '/secondary', name: 'Secondary', Icon: SecondaryIcon },
  { href: '/retention', name: 'Retention', Icon: RetentionIcon },
  { href: '/stays', name: 'Stays', Icon: StayIcon },
  { href: '/contractors', name: 'Contractors', Icon: ContractIcon },
  { href: '/releases', name: 'Releases', Icon: ReleaseIcon },
  { href: '/incidents', name: 'Incidents', Icon: WarnIcon },
  { href: '/leaks', name: 'Leaks', Icon: LeakIcon },
  { href: '/log', name: 'Log', Icon: LogIcon },
  { href: '/devices', name: 'Devices', Icon: DeviceIcon },
  { href: '/integrations', name: 'Integrations', Icon: PlugIcon },
  { href: '/people', name: 'People', Icon: PeopleIcon },
  { href: '/galleries', name: 'Galleries', Icon: GalleryIcon },
  { href: '/calibrations', name: 'Calibrations', Icon: CurveIcon },
  { href: '/signs', name: 'Signs', Icon: SignIcon },
] as const

export function TopBar(props: {
  readonly shortcuts: boolean
  readonly onShortcuts: (on: boolean) => void
  readonly onHelp: () => void
}): ReactElement {
  const session = useSession()
  return (
    <header className="sp-top">
      <Link href="/" className="sp-brand">
        <MarkIcon size={22} />
        <span>Sallyport</span>
      </Link>
      <PageLinks />
      <div className="sp-top-end">
        <ConnectionBadge />
        <PortClock name={session.port.name} zone={session.port.zone} />
        <AccountMenu {...props} />
      </div>
    </header>
  )
}

/** The pages that this person may enter, with what waits there. */
function PageLinks(): ReactElement {
  const { account } = useSession()
  const supervisor = useHolds('supervisor')
  const connects = useHolds('integrator', 'supervisor', 'privacy', 'auditor')
  const contracts = useHolds('supervisor', 'privacy', 'auditor', 'responder')
  const follows = useHolds(...incidentRoles)
  const searches = useHolds('responder', 'privacy', 'auditor')
  const alarms = useQuery(alarmsQuery)
  const releases = useQuery({ ...releasesQuery, enabled: contracts })
  const open = alarms.data?.length ?? 0
  const seesCrossings = useSeesCrossings()
  const reviews = useHolds(...reviewers)
  const queue = useQuery({ ...queueQuery(allWaiting), enabled: reviews })
  const watches = useHolds(...hitReaders)
  const readsGalleries = useHolds(...galleryReaders)
  const calibrates = useHolds(...calibrators)
  const retains = useHolds(...retentionReaders)
  const hits = useQuery({ ...openHitsQuery, enabled: watches })
  const counts: Readonly<Record<string, { readonly count: number; readonly words: string }>> = {
    '/devices': { count: open, words: 'open alarms' },
    '/review': { count: total(queue.data?.counts ?? []), words: 'plates wait' },
    '/watch': { count: hits.data?.unconfirmed ?? 0, words: 'possible matches' },
    '/releases': { count: wanting(releases.data ?? [], account.id), words: 'releases wait' },
  }
  const mayEnter: Readonly<Record<string, boolean>> = {
    '/people': supervisor,
    '/contractors': contracts,
    '/incidents': follows,
    '/leaks': searches,
    '/releases': contracts,
    '/integrations': connects,
    '/crossings': seesCrossings,
    '/review': reviews,
    '/watch': watches,
    '/galleries': readsGalleries,
    '/calibrations': calibrates,
    '/secondary': reviews,
    '/stays': seesCrossings,
    '/retention': retains,
  }
  const shown = pages.filter(({ href }) => mayEnter[href] ?? true)
  return <PageRow items={shown.map((page) => ({ ...page, count: counts[page.href] ?? null }))} />
}

function PortClock(props: { readonly name: string; readonly zone: string }): ReactElement {
  const now = useNow()
  return (
    <div className="sp-port" title={`${props.zone} · ${utcTime(now)}`}>
      <span className="sp-port-name">{props.name}</span>
      <span className="sp-figure">{clockTime(now, props.zone)}</span>
    </div>
  )
}
