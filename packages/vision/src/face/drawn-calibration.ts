/** Calibrations for drawn people, who are nearer to each other than people are. */

import path from 'node:path'

import { shippedModels } from '../models.ts'

/** Signed calibrations of the evaluation model, for any camera and for people on foot; their card says how they were made. */
export const drawnCalibrationFiles: readonly string[] = [
  path.join(shippedModels, 'faces', 'drawn.calibration'),
  path.join(shippedModels, 'faces', 'drawn-walk.calibration'),
]

/** Who signed them: nobody has the keys any more, so that nothing else can pass for one. */
export const drawnCalibrationKeys: readonly string[] = [
  'sallyport.invalid/drawings+3b4bf497+AbpusyVOGsp+UV/n5ijeQVC7kRiYsc1pzR6s1mpGr2EU',
  'sallyport.invalid/drawings-on-foot+c81b8a3a+AdnnqMK3Qxz4iPZH6wKlzf9FSiiWdakAV1EJA68NNoMs',
]
