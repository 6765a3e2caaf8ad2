/** The incident of 2019 as it was reported, and every size of its replay. */

export const limits = {
  /** Review of CBP's Major Cybersecurity Incident during a 2019 Biometric Pilot, OIG-20-71. */
  pictures: 184_000,
  people: 100_000,
  /** Distinct plates that were counted in the dump by the press: at least. */
  vehicles: 50_000,
  /** Ours: so many passes show that many people in that many pictures. */
  crossings: 62_000,
  days: 42,
  /** Pictures that were found on the web. */
  web: 19,
  /** A replay that is smaller than one in so many finds fewer: opening, marking and searching them takes most of its time. */
  webScaleMax: 50,
  webSmall: 3,
  /** To one picture that is found, how many of other vehicles it lies among. */
  foreignShare: 0.5,
  scaleMax: 1_000,
  /** Of the crossings, how many have a plate that the reader is not sure of. */
  unsureShare: 0.03,
  /** Days, from 0, after whose last crossing the technician comes. */
  visits: [6, 13, 20, 27, 34, 41],
  /** Local hours of the port between which vehicles cross. */
  opens: 6,
  closes: 22,
  /** Small pictures that are drawn of each class; every stored one is one of them with its own number. */
  stubsDrawn: 240,
  /** Crossings that the lanes hand over at a time. */
  chunk: 96,
  /** What a grant lets its technician see in a day. */
  picturesPerDay: 8,
} as const
