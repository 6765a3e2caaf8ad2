/** Runs networks of faces. */

import * as ort from 'onnxruntime-node'

/** A session on `threads` cores. Throws, naming the network, when ONNX Runtime cannot run it. */
export async function openFaceSession(
  name: string,
  onnx: Uint8Array,
  threads: number,
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(onnx, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // A spinning worker would take the core that the next lane needs.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      logSeverityLevel: 3,
    })
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new Error(
      `ONNX Runtime cannot run ${name}, which is cut off or of an unknown version: ${reason.slice(0, 200)}`,
      { cause: error },
    )
  }
}
