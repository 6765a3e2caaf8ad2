/** Why a hub could not start, for the operator. */
export class HubStartError extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HubStartError'
    this.code = code
  }
}
