/** The lane's own page: one document, one style, one script; nothing of it comes from elsewhere. */

export const pageHtml = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lane, on its own</title>
<link rel="stylesheet" href="/page.css">
<body data-state="asking">
<header><h1 id="lane">Lane</h1><strong id="since" role="status">Asking the lane…</strong></header>
<main id="local" hidden>
<p class="plate" id="plate" aria-live="polite"></p>
<p id="kind"></p>
<img id="picture" alt="The lane’s camera now">
<p class="note">The hub cannot be reached. This is the lane’s own memory: the camera now and the plates that passed. No list and
no gallery is asked here. Decide by eye, write your verdict down with the time, and record it in the console when the hub is
back: the crossings arrive there by themselves, with the time at which they passed.</p>
<table><caption>Passed before</caption><tbody id="before"></tbody></table>
</main>
<main id="connected" hidden><p>The hub answers: work in the console. This page takes over by itself when the hub is out of reach.</p></main>
<script src="/page.js"></script>
</body>
</html>
`

export const pageCss = `
:root { color-scheme: light dark; --ink: #12201d; --ground: #edf0ef; --line: #7d8c87; --warn: #fff0d2; --warn-ink: #7a4200; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8efed; --ground: #0c1211; --line: #667a74; --warn: #2e2310; --warn-ink: #f6bd63; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: baseline; padding: .75rem 1rem; }
h1 { margin: 0; font-size: 1.125rem; }
body[data-state="local"] header, body[data-state="lost"] header { background: var(--warn); color: var(--warn-ink); }
main { max-width: 70rem; padding: 0 1rem 1rem; }
.plate { margin: .5rem 0 0; font: 700 clamp(3rem, 12vw, 8rem)/1.1 ui-monospace, monospace; letter-spacing: .04em; }
img { display: block; max-width: 100%; max-height: 60vh; border: 1px solid var(--line); }
.note { max-width: 60ch; }
table { border-collapse: collapse; } caption { text-align: left; font-weight: 600; }
td { padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
`

export const pageScript = `
const by = (id) => document.getElementById(id)
const clock = (at) => new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const words = { read: 'Read', unsure: 'Unsure: read by eye', unreadable: 'Not readable: read by eye' }
const show = (state) => {
  document.body.dataset.state = state
  by('local').hidden = state !== 'local'
  by('connected').hidden = state !== 'connected'
}
async function look() {
  try {
    const answer = await fetch('/state', { cache: 'no-store' })
    const state = await answer.json()
    by('lane').textContent = 'Lane ' + state.lane
    by('since').textContent = state.local_since === null ? 'Connected' : 'Local since ' + clock(state.local_since)
    show(state.local_since === null ? 'connected' : 'local')
    if (state.local_since === null) by('picture').removeAttribute('src')
    else {
      const [newest, ...before] = state.plates
      by('plate').textContent = newest === undefined ? 'Nothing passed yet' : newest.text ?? '–'
      by('kind').textContent = newest === undefined ? '' : words[newest.kind] + ', ' + clock(newest.at)
      by('before').replaceChildren(...before.map((one) => {
        const row = document.createElement('tr')
        for (const text of [clock(one.at), one.text ?? '–', words[one.kind]]) row.insertCell().textContent = text
        return row
      }))
      by('picture').src = '/picture?' + Date.now()
    }
  } catch {
    show('lost')
    by('since').textContent = 'The lane does not answer'
  }
  setTimeout(look, 1000)
}
look()
`
