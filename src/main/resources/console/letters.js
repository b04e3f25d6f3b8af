// Dead letters: why each was set aside, what was to be sent, and sending it again.
import { get, post } from './api.js';
import { el, number, say } from './draw.js';

let shown = '';
let open = null;

/** Shows the dead letters of a pipeline. */
export async function showLetters(pipeline, complain) {
  const list = await get(`dead-letters/${encodeURIComponent(pipeline)}`);
  const known = JSON.stringify([pipeline, list]);
  document.getElementById('replay-all').hidden = list.all === 0;
  say('letters-count', list.all === 0 ? 'none' : list.all > list.letters.length
    ? `the oldest ${number(list.letters.length)} of ${number(list.all)}` : number(list.all));
  if (known !== shown) {
    shown = known;
    const focused = document.activeElement?.id;
    document.getElementById('letters').replaceChildren(...(list.letters.length ? [table(list.letters, complain)] : []));
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }
}

/** Shows how the last replay is. */
export function showReplay(replay) {
  document.getElementById('replay-all').disabled = replay?.running ?? false;
  say('replay', !replay ? '' : replay.running
    ? `Replaying: ${number(replay.settled)} done${replay.waitsFor ? `; ${replay.waitsFor}` : ''}`
    : `Replayed: ${replay.lines.join('; ')}.`);
}

/** Sends these again. */
export async function replay(chosen, complain) {
  try {
    await post('replay', chosen);
    say('replay', 'Replaying …');
  } catch (e) {
    complain(e.message);
  }
}

function table(letters, complain) {
  return el('ul', { class: 'letters' }, ...letters.map(letter => row(letter, complain)));
}

function row(letter, complain) {
  const payload = el('pre', { hidden: true, tabindex: '0', 'aria-label': `Payload of ${letter.key}` });
  const show = el('button', {
    type: 'button', id: `show-${letter.id}`, 'aria-expanded': 'false', disabled: !letter.payload,
    onclick: () => toggle(letter, payload, show, complain),
  }, letter.payload ? 'Show payload' : 'No payload');
  const again = el('button', {
    type: 'button', id: `replay-${letter.id}`, disabled: !letter.payload || !letter.destination,
    onclick: () => replay({ ids: [letter.id] }, complain),
  }, 'Replay');
  const item = el('li', { 'data-letter': letter.id },
    el('div', { class: 'what' },
      el('b', {}, letter.key),
      letter.status ? el('span', { class: 'pill bad' }, String(letter.status)) : null,
      el('span', { class: 'muted' }, `${letter.destination ?? 'a step before its batch'}, ${when(letter.createdAt)}`)),
    el('p', { class: 'why' }, letter.reason),
    el('div', { class: 'actions' }, show, again),
    payload);
  if (open === letter.id) {
    toggle(letter, payload, show, complain);
  }
  return item;
}

async function toggle(letter, payload, show, complain) {
  if (!payload.hidden) {
    payload.hidden = true;
    payload.textContent = '';
    open = null;
  } else {
    try {
      payload.textContent = textOf(await get(`dead-letter/${letter.id}`));
      payload.hidden = false;
      open = letter.id;
    } catch (e) {
      complain(e.message);
    }
  }
  show.setAttribute('aria-expanded', String(!payload.hidden));
  show.textContent = payload.hidden ? 'Show payload' : 'Hide payload';
}

function textOf({ id, payload, payloadLength, cut }) {
  return cut ? `${payload}\n… the beginning of ${number(payloadLength)} characters; all of it: drover dead-letters show ${id}`
    : pretty(payload);
}

/** Indented, with every value as it is stored: JavaScript itself would show 7.40 as 7.4, and change long numbers. */
function pretty(payload) {
  try {
    JSON.parse(payload);
  } catch {
    return payload ?? 'it has none';
  }
  let indent = '';
  return payload.match(/"(?:[^"\\]|\\.)*"|[[{]\s*[\]}]|[[\]{},:]|[^\s"[\]{},:]+/g).map(token => {
    if (token === '{' || token === '[') {
      indent += '  ';
      return `${token}\n${indent}`;
    }
    if (token === '}' || token === ']') {
      indent = indent.slice(2);
      return `\n${indent}${token}`;
    }
    return token === ',' ? `,\n${indent}` : token === ':' ? ': ' : token;
  }).join('');
}

function when(time) {
  return new Date(time).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });
}
