/** What a lane looks at of the computer it runs on; Linux is one, tests have others. */

import type { DriveBus } from '@sallyport/proof/device-event'

/** A drive with something in it. */
export type Drive = {
  /** As the system calls it: sdb. */
  readonly name: string
  readonly bus: DriveBus
  readonly bytes: number
  readonly maker: string
  readonly model: string
  readonly serial: string
  /** Counts drives since the computer was started; null where the system does not. */
  readonly number: number | null
}

/** Something on the USB that is neither a drive nor a hub. */
export type UsbThing = {
  readonly place: string
  readonly vendor: string
  readonly product: string
  readonly serial: string
}

export type Enclosure = { readonly state: 'open' | 'closed'; readonly sensor: string }

/** What one look found; null is what this system does not tell. */
export type Look = {
  /** Another one each time the computer is started. */
  readonly boot: string | null
  readonly drives: readonly Drive[] | null
  readonly usb: readonly UsbThing[] | null
  readonly enclosure: Enclosure | null
}

/** A contact that says whether the enclosure is open: a file, and what it reads then. */
export type EnclosureSensor = { readonly file: string; readonly open: string }

export type Machine = {
  /** `sensor` null: the mainboard's own contact, if it has one. Never rejects. */
  look(sensor: EnclosureSensor | null): Promise<Look>
}
