/** Whether a name that was stated at a lane is one of those who were on shift there. */

import { plainName } from '../faces/vault-calibration.ts'

/** Every word that was stated has to be of one person's name: 'Ruiz' and 'RUIZ, Ann' are Ann Ruiz. */
export function isOnShift(stated: string, onShift: readonly string[]): boolean {
  const said = wordsOf(stated)
  return (
    said.length > 0 &&
    onShift.some((name) => {
      const own = new Set(wordsOf(name))
      return said.every((word) => own.has(word))
    })
  )
}

function wordsOf(name: string): readonly string[] {
  return plainName(name)
    .split(' ')
    .filter((word) => word !== '')
}
