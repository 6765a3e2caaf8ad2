/** The calibration for drawn people, who are nearer to each other than people are. */

import path from 'node:path'

import { shippedModels } from '../models.ts'

/** A signed calibration of the evaluation model; how it was made stands in the card beside it. */
export const drawnCalibrationFile = path.join(shippedModels, 'faces', 'drawn.calibration')

/** Who signed it: nobody has the key any more, so that nothing else can pass for it. */
export const drawnCalibrationKey =
  'sallyport.invalid/drawings+3b4bf497+AbpusyVOGsp+UV/n5ijeQVC7kRiYsc1pzR6s1mpGr2EU'
