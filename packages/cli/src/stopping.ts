/** Waiting for the end: an interrupt, a termination, or a time. */

/** Resolves at SIGINT, SIGTERM, or after `seconds`. A second interrupt ends the process at once. */
export function untilStopped(seconds?: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = seconds === undefined ? undefined : setTimeout(finish, seconds * 1000)
    process.once('SIGINT', finish)
    process.once('SIGTERM', finish)
    function finish(): void {
      clearTimeout(timer)
      process.off('SIGINT', finish)
      process.off('SIGTERM', finish)
      process.once('SIGINT', () => process.exit(130))
      resolve()
    }
  })
}
