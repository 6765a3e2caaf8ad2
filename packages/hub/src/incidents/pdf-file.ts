/**
 * A PDF of lines of text, tagged so that it can be read aloud (ISO 32000-1, sections 7 and 14.8). The
 * same pages make the same bytes: there is no date in it and nothing is compressed.
 */

import { createHash } from 'node:crypto'

import { type Face, fontNames } from './pdf-letters.ts'

/** Points; the origin is the lower left corner. */
export type PlacedLine = {
  readonly x: number
  readonly y: number
  readonly face: Face
  readonly size: number
  /** Windows-1252. */
  readonly letters: Uint8Array
}

/** What is read as one: a heading or a paragraph, which may go on on the next page. */
export type PlacedBlock = {
  readonly tag: 'H1' | 'H2' | 'P'
  /** Lines by page, from 0. */
  readonly lines: ReadonlyMap<number, readonly PlacedLine[]>
}

export type PdfContent = {
  readonly title: string
  readonly language: string
  readonly width: number
  readonly height: number
  readonly pages: number
  readonly blocks: readonly PlacedBlock[]
  /** Not read aloud: the number at the foot of each page. */
  readonly marks: ReadonlyMap<number, PlacedLine>
}

export function writePdf(content: PdfContent): Uint8Array {
  const { blocks, pages } = content
  const [catalog, pageTree, structure, document, parents, info, metadata] = [1, 2, 3, 4, 5, 6, 7]
  const fonts = { regular: 8, bold: 9 } as const
  const pageAt = (page: number) => 10 + 2 * page
  const blockAt = (block: number) => 10 + 2 * pages + block
  const objects = new Map<number, Uint8Array>()
  const put = (number: number, text: string) => objects.set(number, latin(text))

  /** Numbers of the blocks on each page, in reading order: a number is its place there. */
  const onPage = Array.from({ length: pages }, (_, page) =>
    blocks.flatMap(({ lines }, number) => (lines.has(page) ? [number] : [])),
  )
  put(
    catalog,
    `<< /Type /Catalog /Pages ${pageTree} 0 R /Lang ${textString(content.language)} /MarkInfo << /Marked true >> /StructTreeRoot ${structure} 0 R /ViewerPreferences << /DisplayDocTitle true >> /Metadata ${metadata} 0 R >>`,
  )
  const kids = range(pages).map((page) => `${pageAt(page)} 0 R`)
  put(pageTree, `<< /Type /Pages /Count ${pages} /Kids [${kids.join(' ')}] >>`)
  put(structure, `<< /Type /StructTreeRoot /K ${document} 0 R /ParentTree ${parents} 0 R >>`)
  const elements = range(blocks.length).map((block) => `${blockAt(block)} 0 R`)
  put(
    document,
    `<< /Type /StructElem /S /Document /P ${structure} 0 R /K [${elements.join(' ')}] >>`,
  )
  const owners = onPage.map(
    (numbers, page) => `${page} [${numbers.map((block) => `${blockAt(block)} 0 R`).join(' ')}]`,
  )
  put(parents, `<< /Nums [${owners.join(' ')}] >>`)
  put(info, `<< /Title ${textString(content.title)} /Producer (Sallyport) >>`)
  objects.set(metadata, stream(xmpOf(content), '/Type /Metadata /Subtype /XML '))
  for (const face of ['regular', 'bold'] as const)
    put(
      fonts[face],
      `<< /Type /Font /Subtype /Type1 /BaseFont /${fontNames[face]} /Encoding /WinAnsiEncoding >>`,
    )
  const fontsUsed = `<< /regular ${fonts.regular} 0 R /bold ${fonts.bold} 0 R >>`
  for (const [page, numbers] of onPage.entries()) {
    put(
      pageAt(page),
      `<< /Type /Page /Parent ${pageTree} 0 R /MediaBox [0 0 ${content.width} ${content.height}] /Resources << /Font ${fontsUsed} >> /Contents ${pageAt(page) + 1} 0 R /StructParents ${page} /Tabs /S >>`,
    )
    objects.set(pageAt(page) + 1, stream(drawn(content, page, numbers)))
  }
  for (const [number, { tag, lines }] of blocks.entries()) {
    const parts = [...lines.keys()].map(
      (page) =>
        `<< /Type /MCR /Pg ${pageAt(page)} 0 R /MCID ${onPage[page]?.indexOf(number) ?? 0} >>`,
    )
    put(
      blockAt(number),
      `<< /Type /StructElem /S /${tag} /P ${document} 0 R /K [${parts.join(' ')}] >>`,
    )
  }
  return assembled(objects, { catalog, info })
}

function drawn(content: PdfContent, page: number, numbers: readonly number[]): Uint8Array {
  const parts = numbers.flatMap((number, at) => {
    const block = content.blocks[number]
    const lines = block?.lines.get(page) ?? []
    return [latin(`/${block?.tag} << /MCID ${at} >> BDC\n`), ...lines.map(shown), latin('EMC\n')]
  })
  const mark = content.marks.get(page)
  return Buffer.concat([
    ...parts,
    ...(mark === undefined
      ? []
      : [latin('/Artifact << /Type /Pagination >> BDC\n'), shown(mark), latin('EMC\n')]),
  ])
}

function shown({ x, y, face, size, letters }: PlacedLine): Uint8Array {
  return latin(
    `BT /${face} ${size} Tf 1 0 0 1 ${rounded(x)} ${rounded(y)} Tm <${Buffer.from(letters).toString('hex')}> Tj ET\n`,
  )
}

function assembled(
  objects: ReadonlyMap<number, Uint8Array>,
  { catalog, info }: { readonly catalog: number; readonly info: number },
): Uint8Array {
  // The bytes in the comment say to whoever copies the file that it is no text.
  const parts: Uint8Array[] = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')]
  let length = parts[0]?.length ?? 0
  const places: string[] = []
  for (const [number, body] of [...objects].toSorted(([a], [b]) => a - b)) {
    places.push(`${String(length).padStart(10, '0')} 00000 n \n`)
    const part = Buffer.concat([latin(`${number} 0 obj\n`), body, latin('\nendobj\n')])
    parts.push(part)
    length += part.length
  }
  const id = createHash('sha256').update(Buffer.concat(parts)).digest('hex').slice(0, 32)
  const size = objects.size + 1
  parts.push(
    latin(
      `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}trailer\n<< /Size ${size} /Root ${catalog} 0 R /Info ${info} 0 R /ID [<${id}> <${id}>] >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

function stream(bytes: Uint8Array, more = ''): Uint8Array {
  return Buffer.concat([
    latin(`<< ${more}/Length ${bytes.length} >>\nstream\n`),
    bytes,
    latin('\nendstream'),
  ])
}

function xmpOf({ title, language }: PdfContent): Uint8Array {
  const named = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return Buffer.from(
    `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">${named}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>${language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`,
    'utf8',
  )
}

/** UTF-16 with its mark: any letter, and none that ends the string. */
function textString(text: string): string {
  return `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`
}

function latin(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

function rounded(points: number): string {
  return String(Math.round(points * 100) / 100)
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at)
}
