/** Galleries and passenger lists as the hub sends them; a test compares them with its schemas. */

export type Calibration = {
  readonly camera_class: string
  readonly made_from: string
  readonly made: string
  readonly signed: boolean
  readonly sha256: string
  readonly false_positive_identification_rate: number
  readonly people_max: number
}

/** What faces are compared with. */
export type Matching = {
  readonly profile: 'evaluation' | 'production'
  readonly model: {
    readonly identity: string
    readonly label: string
    readonly evaluation: boolean
  }
  readonly calibrations: readonly Calibration[]
}

export type Gallery = {
  readonly id: string
  readonly kind: 'list' | 'flight' | 'frequent'
  readonly name: string
  readonly list: string | null
  readonly rule: string | null
  readonly lanes: readonly string[]
  readonly direction: 'in' | 'out' | null
  readonly opens_at: string
  readonly expires_at: string
  readonly state: 'to_come' | 'in_force' | 'ended'
  readonly people: number
  readonly described: number
  readonly searchable: number
  readonly model: string
  readonly made: {
    readonly at: string
    readonly by: { readonly id: string; readonly name: string } | null
  }
  readonly log_index: number | null
}

export type PhotoResult = {
  readonly name: string
  readonly entry: string | null
  readonly result:
    | 'described'
    | 'nobody_of_that_name'
    | 'several_of_that_name'
    | 'given_twice'
    | 'too_young'
    | 'not_a_picture'
    | 'no_face'
    | 'several_faces'
    | 'not_good_enough'
  readonly detail: string
}

export type PhotosAnswer = { readonly described: number; readonly photos: readonly PhotoResult[] }

export type ListImport = {
  readonly imported: boolean
  readonly travellers: number
  readonly lists: readonly {
    readonly id: string | null
    readonly transport: 'flight' | 'sailing' | 'train' | 'road' | 'other'
    readonly reference: string
    readonly arrives_in: string | null
    readonly arrives_at: string | null
    readonly partial: boolean
    readonly travellers: number
    readonly expires_at: string
  }[]
  readonly warnings: readonly {
    readonly line: number
    readonly column: number
    readonly detail: string
  }[]
}
