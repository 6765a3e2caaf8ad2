/** Limits of scopes and incidents. */
export const incidentLimits = {
  /** Suspicions that one scope joins. */
  suspicionsMax: 8,
  /** A window that is longer is asked in pieces: every part of it costs time. */
  windowDaysMax: 3_660,
  whyLengthMax: 1_000,
  scopesListedMax: 200,
  incidentsListedMax: 500,
  /** Reports without an account, of everybody together: more is a flood. */
  reportsPerHour: 20,
  reportLengthMax: 8_000,
  /** Steps of one request. */
  cutsMax: 50,
  titleLengthMax: 200,
  /** What shows that a notice was sent, as base64. */
  proofLengthMax: 48 * 1024,
  /** Crossings that a traveller is told of at once. */
  subjectCrossingsMax: 500,
  membersMax: 50,
  /** Pictures in one bundle: what a reader holds in memory. */
  bundlePicturesMax: 250_000,
  /** Faces of one scope that are compared, each with every other; later ones count as strangers at most. */
  facesComparedMax: 20_000,
  /** Rows that are asked for at once while a bundle is written. */
  bundleRowsAtOnce: 1_000,
  hashesALine: 500,
  /** Counts of both engines, while rows come in between. */
  recountsMax: 4,
} as const
