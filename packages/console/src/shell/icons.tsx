/** The few signs the console uses, drawn here: 24-unit grid, current colour, decorative unless named. */

import type { ReactElement, ReactNode } from 'react'

function Sign(props: { readonly size?: number; readonly children: ReactNode }): ReactElement {
  const { size = 18 } = props
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {props.children}
    </svg>
  )
}

type Size = { readonly size?: number }

/** The mark: two doors, one of them open. */
export function MarkIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M3 21V9a4 4 0 0 1 8 0v12z" fill="currentColor" />
      <path d="M13 21V9a4 4 0 0 1 8 0v12z" />
    </Sign>
  )
}

/** A drop that left. */
export function LeakIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11z" />
      <path d="M9 14a3 3 0 0 0 3 3" />
    </Sign>
  )
}

/** In and out again. */
export function StayIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M3 8h13M12 4l4 4-4 4" />
      <path d="M21 16H8M12 12l-4 4 4 4" />
    </Sign>
  )
}

/** A person beside a document: what secondary compares. */
export function SecondaryIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <circle cx="7" cy="8" r="3" />
      <path d="M2 20c0-4 2-6 5-6s5 2 5 6" />
      <path d="M15 5h6v14h-6zM17 9h2M17 13h2" />
    </Sign>
  )
}

/** A photograph of somebody. */
export function GalleryIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <rect x="3" y="4" width="18" height="16" rx="2" />
      <circle cx="12" cy="10.5" r="2.5" />
      <path d="M7.5 17a4.5 4.5 0 0 1 9 0" />
    </Sign>
  )
}

/** One error against the other. */
export function CurveIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M4 4v16h16" />
      <path d="M7 6c1 7 4 10 12 11" />
    </Sign>
  )
}

/** A board on a post. */
export function SignIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M4 4h16v10H4zM12 14v7M8 8h8M8 11h5" />
    </Sign>
  )
}

/** Three dots: what did not fit. */
export function MoreIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <circle cx="5" cy="12" r="1.2" fill="currentColor" />
      <circle cx="12" cy="12" r="1.2" fill="currentColor" />
      <circle cx="19" cy="12" r="1.2" fill="currentColor" />
    </Sign>
  )
}

/** A closed seal: what stands for a picture nobody has opened. */
export function SealIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <circle cx="12" cy="12" r="9.2" />
      <path d="M8 16.5v-6a2 2 0 0 1 4 0v6zm4 0v-6a2 2 0 0 1 4 0v6z" />
    </Sign>
  )
}

/** An hourglass: how long things are kept. */
export function RetentionIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M6 3h12M6 21h12M7.5 3v3.5L12 12l4.5-5.5V3M7.5 21v-3.5L12 12l4.5 5.5V21" />
    </Sign>
  )
}

export function ContractIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M6 3h9l4 4v14H6zM15 3v4h4M9.5 12h6M9.5 15.5h3.5" />
    </Sign>
  )
}

/** A sheet that leaves its tray. */
export function ReleaseIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M4 14v6h16v-6M12 15V4M8 8l4-4 4 4" />
    </Sign>
  )
}

export function CheckIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M5 12.5 10 17.5 19.5 7" />
    </Sign>
  )
}

export function CrossIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="m6 6 12 12M18 6 6 18" />
    </Sign>
  )
}

export function WarnIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.1" />
    </Sign>
  )
}

export function SearchIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <circle cx="11" cy="11" r="6.5" />
      <path d="m16 16 4.5 4.5" />
    </Sign>
  )
}

/** Towards the port, or away from it. */
export function DirectionIcon(props: Size & { readonly direction: 'in' | 'out' }): ReactElement {
  return (
    <Sign {...(props.size === undefined ? {} : { size: props.size })}>
      {props.direction === 'in' ? (
        <path d="M3 12h12m-4.5-4.5L15 12l-4.5 4.5M20 5v14" />
      ) : (
        <path d="M4 5v14M9 12h12m-4.5-4.5L21 12l-4.5 4.5" />
      )}
    </Sign>
  )
}

export function EyeIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" />
      <circle cx="12" cy="12" r="2.8" />
    </Sign>
  )
}

export function WalkIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <circle cx="12.5" cy="4.2" r="1.9" />
      <path d="M12.2 8.2l-1 6.2 3 2.6 1 4.4M11.2 14.4l-1.4 3.2-2.6 3.6M12.2 8.2l-3.4 1.6-1 3.2M12.2 8.2l2.2 3 2.8 1" />
    </Sign>
  )
}

export function LiveIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <rect x="3" y="6" width="18" height="12" rx="2" />
      <path d="M7.5 10v4M12 10v4M16.5 10v4" />
    </Sign>
  )
}

export function LogIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M12 3v4m0 0H6v4m6-4h6v4M6 11v0" />
      <rect x="3" y="11" width="6" height="4" rx="1" />
      <rect x="15" y="11" width="6" height="4" rx="1" />
      <path d="M6 15v5m12-5v5" />
    </Sign>
  )
}

/** A plate with a question: what a person has to decide. */
export function ReviewIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <rect x="2.5" y="6" width="19" height="12" rx="2" />
      <path d="M6.500 10.200v3.600M10 10.200v3.600" />
      <path d="M14.200 10.600a1.900 1.900 0 1 1 2.400 1.800c-.5.2-.6.5-.6.9" />
      <path d="M16 15.400v.1" />
    </Sign>
  )
}

/** A person: what somebody says, as against a machine. */
export function WatchIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <circle cx="12" cy="12" r="7.5" />
      <circle cx="12" cy="12" r="2.5" />
      <path d="M12 1.500v4M12 18.500v4M1.500 12h4M18.500 12h4" />
    </Sign>
  )
}

export function PersonIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <circle cx="12" cy="8.500" r="3.800" />
      <path d="M4.500 20.500c.6-4.200 3.500-6.500 7.500-6.500s6.900 2.300 7.500 6.500" />
    </Sign>
  )
}

export function DeviceIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M4 8h3l2-2.5h6L17 8h3v11H4z" />
      <circle cx="12" cy="13.2" r="3.2" />
    </Sign>
  )
}

export function PlugIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <path d="M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4" />
    </Sign>
  )
}
export function PeopleIcon(props: Size): ReactElement {
  return (
    <Sign {...props}>
      <circle cx="9" cy="8.5" r="3.5" />
      <path d="M2.5 20c.5-4 3-6 6.500-6s6 2 6.500 6M16 5.500a3.500 3.500 0 0 1 0 6M18 14.500c2 .8 3.200 2.700 3.500 5.500" />
    </Sign>
  )
}
