/** Whose photograph it is: by the entry's id or place, or by the document's number in the file's name. */

import type { GalleryEntryRow } from '@sallyport/store/faces/galleries'
import type { FaceReader } from '@sallyport/vision/face/face-reader'

import { type DescribedPhoto, describePhoto } from './describe-photo.ts'

export type PhotoAsk = {
  /** `L898902C3.jpg`, or the id of an entry. */
  readonly name: string
  readonly bytes: Uint8Array
}

export type PhotoAnswer = {
  readonly name: string
  readonly entry: string | null
  readonly result:
    | 'described'
    | 'nobody_of_that_name'
    | 'several_of_that_name'
    | 'given_twice'
    | 'too_young'
    | Extract<DescribedPhoto, { kind: 'refused' }>['code']
  readonly detail: string
}

type Described = Extract<DescribedPhoto, { kind: 'described' }>

/** Describes each photograph for its entry; what cannot be taken is said, one by one. */
export async function photosFor(
  photos: readonly PhotoAsk[],
  entries: readonly GalleryEntryRow[],
  {
    reader,
    mayDescribe,
  }: {
    readonly reader: Pick<FaceReader, 'look'>
    readonly mayDescribe: (entry: GalleryEntryRow) => boolean
  },
): Promise<{
  readonly answers: readonly PhotoAnswer[]
  readonly described: readonly { readonly entry: GalleryEntryRow; readonly photo: Described }[]
}> {
  const answers: PhotoAnswer[] = []
  const described = new Map<string, { entry: GalleryEntryRow; photo: Described }>()
  for (const { name, bytes } of photos) {
    const answer = (result: PhotoAnswer['result'], detail: string, entry: string | null = null) =>
      answers.push({ name, entry, result, detail })
    const [entry, ...others] = entriesNamed(name, entries)
    if (entry === undefined) {
      answer('nobody_of_that_name', 'Nobody of the gallery has this document number.')
      continue
    }
    if (others.length > 0) {
      answer('several_of_that_name', 'Several of the gallery have it; name the entry itself.')
      continue
    }
    if (described.has(entry.id)) {
      answer('given_twice', 'The one before it was taken.', entry.id)
      continue
    }
    if (!mayDescribe(entry)) {
      answer('too_young', 'Faces of children of this age are not compared here.', entry.id)
      continue
    }
    const photo = await describePhoto(bytes, reader)
    if (photo.kind === 'refused') {
      answer(photo.code, photo.detail, entry.id)
      continue
    }
    described.set(entry.id, { entry, photo })
    answer('described', 'Described.', entry.id)
  }
  return { answers, described: [...described.values()] }
}

function entriesNamed(
  name: string,
  entries: readonly GalleryEntryRow[],
): readonly GalleryEntryRow[] {
  const stem = name.replace(/\.[A-Za-z0-9]{1,5}$/, '')
  const byId = entries.find(({ id }) => id === stem)
  if (byId !== undefined) return [byId]
  const wanted = plain(stem)
  return wanted === ''
    ? []
    : entries.filter(({ document_number: number }) => plain(number ?? '') === wanted)
}

function plain(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, '')
}
