/** Turns plans into JPEG frames. Holds what is drawn once: empty lanes and the current vehicle. */

import type { Corners } from '@sallyport/core/plate'
import sharp from 'sharp'

import { type Condition, type ConditionName, conditions } from './conditions.ts'
import {
  type Pixels,
  addGlare,
  addGrain,
  addNoise,
  addRain,
  blend,
  mixInto,
  noiseTable,
} from './film.ts'
import { drawLane } from './lane-scene.ts'
import type { DrawnLane, PassPlan, Pose } from './pass-plan.ts'
import { HeadPainter } from './people.ts'
import { project } from './projection.ts'
import { randomFrom } from './random.ts'
import { drawSubject } from './subjects.ts'
import type { WalkPlan } from './walk-plan.ts'
import { drawHall } from './walk-scene.ts'

export type DrawnFrame = {
  readonly jpeg: Uint8Array
  /** Where the plate really is, for tests; null on an empty lane. */
  readonly corners: Corners | null
}

type Sprite = Pixels & {
  readonly left: number
  readonly top: number
  readonly corners: Corners | null
}

type Plan = PassPlan | WalkPlan

export class Painter {
  readonly #lane: DrawnLane
  readonly #table = noiseTable(randomFrom('noise'))
  readonly #heads = new HeadPainter()
  /** The newest two conditions: light fades from one to the next. */
  readonly #empty = new Map<ConditionName, Pixels>()
  #sprite: { readonly key: string; readonly sprite: Sprite | null } | null = null
  #frames = 0

  constructor(lane: DrawnLane) {
    this.#lane = lane
  }

  /** A frame of the empty lane; `share` of the way from an earlier condition when one is given. */
  async drawEmpty(
    name: ConditionName,
    fade: { readonly from: ConditionName; readonly share: number } = { from: name, share: 1 },
  ): Promise<DrawnFrame> {
    const fading = fade.share < 1 && fade.from !== name
    const before = fading ? await this.#emptyLane(fade.from) : null
    const picture = copyOf(await this.#emptyLane(name))
    if (before !== null) mixInto(picture, before, 1 - fade.share)
    const condition = conditions[fading && fade.share < 0.5 ? fade.from : name]
    return { jpeg: await this.#develop(picture, condition), corners: null }
  }

  /** The frame of a pass at one of its poses. */
  async drawPose(plan: Plan, pose: Pose): Promise<DrawnFrame> {
    const condition = conditions[plan.condition]
    const picture = copyOf(await this.#emptyLane(plan.condition))
    const sprite = await this.#subject(plan, pose)
    if (sprite !== null) blend(picture, sprite)
    return { jpeg: await this.#develop(picture, condition), corners: sprite?.corners ?? null }
  }

  async #develop(picture: Pixels, condition: Condition): Promise<Uint8Array> {
    const random = randomFrom(`${this.#lane.seed} frame ${this.#frames++}`)
    if (condition.rain > 0) addRain(picture, random, condition.rain, condition.lampsOn ? 170 : 205)
    addNoise(picture, this.#table, Math.floor(random() * this.#table.length), condition.noise)
    return sharp(picture.data, { raw: rawOf(picture, 3) })
      .jpeg({ quality: 88, chromaSubsampling: '4:2:0' })
      .toBuffer()
  }

  async #emptyLane(name: ConditionName): Promise<Pixels> {
    const drawn = this.#empty.get(name)
    if (drawn !== undefined) return drawn
    const { camera, look, seed, sees } = this.#lane
    const condition = conditions[name]
    const svg =
      sees === 'walkers'
        ? drawHall(camera, look, condition)
        : drawLane(camera, look, condition, randomFrom(`scenery ${seed}`))
    const data = await sharp(
      svgOf(svg, { left: 0, top: 0, width: camera.width, height: camera.height }),
    )
      .removeAlpha()
      .raw()
      .toBuffer()
    const picture = { width: camera.width, height: camera.height, data }
    const horizon = project(camera, [0, 0, 300]).y
    addGrain(picture, randomFrom(`grain ${seed}`), horizon, this.#table)
    if (condition.glare > 0) {
      const x = camera.width * (look.booth > 0 ? 0.16 : 0.84)
      addGlare(picture, { x, y: camera.height * 0.08 }, condition.glare * 0.8)
    }
    for (const old of [...this.#empty.keys()].slice(0, -1)) this.#empty.delete(old)
    this.#empty.set(name, picture)
    return picture
  }

  async #subject(plan: Plan, pose: Pose): Promise<Sprite | null> {
    const whose = plan.kind === 'walk' ? plan.walkers : plan.vehicle.plate.text
    const key = JSON.stringify([whose, plan.condition, pose.distance, pose.aside, pose.speed])
    if (this.#sprite?.key === key) return this.#sprite.sprite
    const drawn = await drawSubject(plan, pose, this.#lane, this.#heads)
    const { width, height } = this.#lane.camera
    const left = clamp(Math.floor(drawn.bounds.left), width)
    const top = clamp(Math.floor(drawn.bounds.top), height)
    const area = {
      left,
      top,
      width: clamp(Math.ceil(drawn.bounds.right), width) - left,
      height: clamp(Math.ceil(drawn.bounds.bottom), height) - top,
    }
    if (area.width < 2 || area.height < 2) return this.#keep(key, null)
    const raster = sharp(svgOf(drawn.svg, area)).ensureAlpha()
    const softness = blurOf(plan, pose)
    const data = await (softness > 0.3 ? raster.blur(softness) : raster).raw().toBuffer()
    return this.#keep(key, { ...area, data, corners: drawn.corners })
  }

  #keep(key: string, sprite: Sprite | null): Sprite | null {
    this.#sprite = { key, sprite }
    return sprite
  }
}

/** Gaussian blur in pixels: a lens out of focus, or motion during the exposure. */
function blurOf(plan: Plan, pose: Pose): number {
  const defocused = plan.kind === 'vehicle' && plan.flaws.includes('defocus')
  const focus = defocused ? 1.7 : 0.45
  const exposureMs = plan.condition.startsWith('night') ? 4 : 1.5
  const motion = (pose.speed * exposureMs * 1.72) / pose.distance
  return Math.min(4, Math.hypot(focus, motion * 0.5))
}

function svgOf(
  content: string,
  area: {
    readonly left: number
    readonly top: number
    readonly width: number
    readonly height: number
  },
): Buffer {
  const { left, top, width, height } = area
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}">${content}</svg>`,
  )
}

function rawOf(
  picture: Pixels,
  channels: 3 | 4,
): { width: number; height: number; channels: 3 | 4 } {
  return { width: picture.width, height: picture.height, channels }
}

function copyOf({ width, height, data }: Pixels): Pixels {
  return { width, height, data: Uint8Array.from(data) }
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value))
}
