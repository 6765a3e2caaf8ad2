/** The lane's own page: one document, one style, one script; nothing of it comes from elsewhere. */

import type { ReferralReason } from '@sallyport/core/window/window'

const reasons: Readonly<Record<ReferralReason, string>> = {
  look_yourself: 'Person to be compared by eye',
  plate_unsure: 'Plate not certain',
  document: 'Document to be looked at',
  declaration: 'Something to declare',
  random_check: 'Chosen at random',
  traveller_asked: 'The traveller asked for it',
  watch_hit: 'Looked for, by a list on paper',
  other: 'Another reason (see note)',
}

const options = Object.entries(reasons)
  .map(([code, words]) => `<option value="${code}">${words}</option>`)
  .join('')

export const pageHtml = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lane, on its own</title>
<link rel="stylesheet" href="/page.css">
<body data-state="asking">
<header><h1 id="lane">Lane</h1><strong id="since" role="status">Asking the lane…</strong><span id="waiting"></span></header>
<main id="local" hidden>
<p class="plate" id="plate" aria-live="polite"></p>
<p id="kind"></p>
<section aria-label="Your verdict">
<p class="keys">
<label>Your name <input id="name" autocomplete="off" maxlength="80" size="18"></label>
<button id="admit" type="button">Admit <kbd>p</kbd></button>
<button id="refer" type="button">Refer… <kbd>f</kbd></button>
<button id="optout" type="button">Opt out <kbd>t</kbd></button>
</p>
<p id="said" role="status"></p>
<p id="trouble" role="alert"></p>
</section>
<dialog id="reasons" aria-labelledby="about">
<form method="dialog" id="referral">
<h2 id="about">Refer</h2>
<p><label>Reason <select id="reason">${options}</select></label></p>
<p><label>Note <input id="note" maxlength="500" autocomplete="off"></label></p>
<p class="keys"><button type="submit" value="refer">Refer</button><button type="submit" value="no" formnovalidate>Cancel</button></p>
</form>
</dialog>
<img id="picture" alt="The lane’s camera now">
<p class="note">The hub cannot be reached. This is the lane’s own memory: the camera now and the plates that passed. No list and
no gallery is asked here: decide by eye. What you decide is kept sealed on this computer under the name that you state, marked
as stated here and not signed in, and goes to the hub when it is back. To correct it, decide again: both stay on record.</p>
<table><caption>Passed here</caption><tbody id="before"></tbody></table>
</main>
<main id="connected" hidden><p>The hub answers: work in the console. This page takes over by itself when the hub is out of reach.</p></main>
<section id="gauge" aria-label="How the camera sees plates"><h2>Camera</h2><p id="gaugeof"></p><table><tbody id="readings"></tbody></table></section>
<script src="/page.js"></script>
</body>
</html>
`

export const pageCss = `
:root { color-scheme: light dark; --ink: #12201d; --ground: #edf0ef; --line: #7d8c87; --warn: #fff0d2; --warn-ink: #7a4200; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8efed; --ground: #0c1211; --line: #667a74; --warn: #2e2310; --warn-ink: #f6bd63; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: baseline; padding: .75rem 1rem; }
h1, h2 { margin: 0; font-size: 1.125rem; }
body[data-state="local"] header, body[data-state="lost"] header { background: var(--warn); color: var(--warn-ink); }
main { max-width: 70rem; padding: 0 1rem 1rem; }
.plate { margin: .5rem 0 0; font: 700 clamp(3rem, 12vw, 8rem)/1.1 ui-monospace, monospace; letter-spacing: .04em; overflow-wrap: anywhere; }
.keys { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: .5rem 0; }
button, input, select { box-sizing: border-box; font: inherit; min-height: 2.5rem; padding: .25rem .75rem; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 4px; }
select, dialog { background: var(--ground); color: var(--ink); }
button { cursor: pointer; } button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
kbd { font: .8em ui-monospace, monospace; border: 1px solid var(--line); border-radius: 3px; padding: 0 .35em; margin-left: .35em; }
dialog { border: 1px solid var(--line); border-radius: 6px; max-width: 34rem; }
label { display: inline-flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
#said:empty, #trouble:empty { display: none; }
#trouble { color: var(--warn-ink); background: var(--warn); padding: .5rem .75rem; max-width: 60ch; }
img { display: block; max-width: 100%; max-height: 60vh; border: 1px solid var(--line); }
.note { max-width: 60ch; }
table { border-collapse: collapse; } caption { text-align: left; font-weight: 600; }
td { padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) { td { display: inline-block; border: 0; } tr { display: block; border-bottom: 1px solid var(--line); } input { max-width: 100%; } }
tr[aria-selected="true"] { background: var(--warn); color: var(--warn-ink); }
`
