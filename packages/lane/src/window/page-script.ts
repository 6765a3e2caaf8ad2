/** The script of the lane's own page. Plain: it runs in whatever browser the lane's computer has. */

export const pageScript = `
const by = (id) => document.getElementById(id)
const clock = (at) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
const kinds = { read: 'Read', unsure: 'Unsure: read by eye', unreadable: 'Not readable: read by eye' }
const says = { admitted: 'Admitted', referred: 'Referred', opted_out: 'Opted out' }
const reasonOf = (code) => [...by('reason').options].find((one) => one.value === code)?.text ?? code
let plates = []
// The passing that is decided on: the newest, until somebody chose another.
let chosen = null
const subject = () => plates.find((one) => one.at === chosen) ?? plates[0]
const wordsOf = (one) => says[one.says] + (one.code === null ? '' : ': ' + reasonOf(one.code))
const saidOf = (one) => one.said.map((verdict) => wordsOf(verdict) + ' by ' + verdict.name + ', ' + clock(verdict.at)).join(' · ')
const show = (state) => {
  document.body.dataset.state = state
  by('local').hidden = state !== 'local'
  by('connected').hidden = state !== 'connected'
  if (state !== 'local' && by('reasons').open) by('reasons').close('no')
}
function draw() {
  const one = subject()
  const wait = one === undefined || one.crossing === null
  for (const id of ['admit', 'refer', 'optout']) by(id).disabled = wait
  by('plate').textContent = one === undefined ? 'Nothing passed yet' : one.text ?? '–'
  by('kind').textContent = one === undefined ? '' : kinds[one.kind] + ', ' + clock(one.at) + (one === plates[0] ? '' : ' (chosen below)') + (wait ? '. Not kept: note your verdict by hand' : '')
  by('said').textContent = one === undefined ? '' : saidOf(one)
  by('before').replaceChildren(...plates.map((row) => {
    const line = document.createElement('tr')
    line.setAttribute('aria-selected', String(row === one))
    for (const text of [clock(row.at), row.text ?? '–', kinds[row.kind], saidOf(row)]) line.insertCell().textContent = text
    const choose = document.createElement('button')
    choose.type = 'button'
    choose.dataset.at = row.at
    choose.textContent = row === plates[0] ? 'Newest' : 'Choose'
    choose.setAttribute('aria-label', 'Decide on ' + (row.text ?? 'the passing of ' + clock(row.at)))
    choose.addEventListener('click', () => { chosen = row === plates[0] ? null : row.at; draw() })
    line.insertCell().append(choose)
    return line
  }))
}
const verdicts = { good: '✓ good', fair: '! fair', poor: '✗ poor' }
function drawGauge({ plate_at, readings }) {
  by('gaugeof').textContent = plate_at === null ? 'No plate was in view for a minute.' : 'The plate of ' + clock(plate_at) + ':'
  by('readings').replaceChildren(...readings.map((one) => {
    const line = document.createElement('tr')
    for (const text of [one.name, one.seen, 'needs ' + one.needed, verdicts[one.verdict], one.advice ?? '']) line.insertCell().textContent = text
    return line
  }))
}
const keyOf = () => JSON.stringify([chosen, plates])
async function look() {
  try {
    const answer = await fetch('/state', { cache: 'no-store' })
    const state = await answer.json()
    by('lane').textContent = 'Lane ' + state.lane
    drawGauge(state.gauge)
    by('since').textContent = state.local_since === null ? 'Connected' : 'Local since ' + clock(state.local_since)
    const { waiting, refused } = state.verdicts
    by('waiting').textContent = (waiting > 0 ? waiting + (waiting === 1 ? ' verdict waits' : ' verdicts wait') + ' for the hub. ' : '')
      + (refused > 0 ? 'The hub refused ' + refused + ': tell a supervisor.' : '')
    show(state.local_since === null ? 'connected' : 'local')
    if (state.local_since === null) by('picture').removeAttribute('src')
    else {
      const before = keyOf()
      plates = state.plates
      if (!plates.some((one) => one.at === chosen)) chosen = null
      // Drawn anew only when something changed: a button under the finger stays.
      if (keyOf() !== before || by('plate').textContent === '') draw()
      by('picture').src = '/picture?' + Date.now()
    }
  } catch {
    show('lost')
    by('since').textContent = 'The lane does not answer'
  }
}
/** The stated name; empty, and asked for, where there is none. */
function stated() {
  const name = by('name').value.trim()
  by('trouble').textContent = name.length < 2 ? 'State your name first: a verdict is somebody’s.' : ''
  if (name.length >= 2) return name
  by('name').focus()
  return ''
}
async function give(one, verdict) {
  const name = stated()
  if (name === '') return
  try {
    const answer = await fetch('/verdicts', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ crossing: one.crossing, name, ...verdict }),
    })
    const said = await answer.json()
    if (answer.status !== 201) by('trouble').textContent = 'Not recorded. ' + said.detail
    else chosen = null
  } catch {
    by('trouble').textContent = 'Not recorded: the lane does not answer. Note it by hand.'
  }
  await look()
}
let referring = null
const now = (does) => () => { const one = subject(); if (one !== undefined && one.crossing !== null) does(one) }
const acts = {
  p: now((one) => give(one, { says: 'admitted' })),
  t: now((one) => give(one, { says: 'opted_out' })),
  f: now((one) => {
    if (stated() === '') return
    referring = one
    by('about').textContent = 'Refer ' + (one.text ?? 'the passing of ' + clock(one.at))
    by('note').value = ''
    by('reasons').showModal()
  }),
}
by('admit').addEventListener('click', acts.p)
by('refer').addEventListener('click', acts.f)
by('optout').addEventListener('click', acts.t)
by('reasons').addEventListener('close', () => {
  const one = referring
  referring = null
  if (one !== null && by('reasons').returnValue === 'refer')
    give(one, { says: 'referred', reason: by('reason').value, note: by('note').value })
})
document.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat || by('reasons').open) return
  const act = document.body.dataset.state === 'local' ? acts[event.key] : undefined
  if (act === undefined) return
  // The key would be typed into the field that is asked for.
  event.preventDefault()
  act()
})
const run = () => look().finally(() => setTimeout(run, 1000))
run()
`
