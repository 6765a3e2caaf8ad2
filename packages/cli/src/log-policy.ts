/** The policy file that a person verifies with. */

import { readFile } from 'node:fs/promises'

import { type Policy, parsePolicy, policyForLog } from '@sallyport/proof/tlog-policy'

import { CommandFailure, exitCodes } from './exit.ts'

/** Reads a tlog-policy file, for the log of `vkey` when one is given. Throws for the operator. */
export async function readPolicyFile(file: string, vkey?: string): Promise<Policy> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CommandFailure(`The policy ${file} cannot be read.`, exitCodes.wrongUse, {
      cause: error,
    })
  })
  const parsed = parsePolicy(bytes)
  if (parsed.kind === 'refused') {
    throw new CommandFailure(`${file}: ${parsed.detail}`, exitCodes.wrongUse)
  }
  const policy = vkey === undefined ? parsed.policy : policyForLog(parsed.policy, vkey)
  if (policy === null) {
    throw new CommandFailure(`${file} names other logs only, not ${vkey}.`, exitCodes.wrongUse)
  }
  if (policy.logs.length === 0) {
    throw new CommandFailure(`${file} names no log: give its key with --vkey.`, exitCodes.wrongUse)
  }
  return policy
}
