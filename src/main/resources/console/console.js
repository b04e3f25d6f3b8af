// Asks for the facts once a second while the page is seen, and shows those of the chosen pipeline.
import { get, post } from './api.js';
import { ahead, barChart, duration, el, lineChart, number, say, short, words } from './draw.js';
import { replay, showLetters, showReplay } from './letters.js';
import { showStrip } from './strip.js';
import { showTimeline } from './timeline.js';

const QUARTER = 15 * 60 * 1000;
const KINDS = ['one', 'two', 'three'];

let chosen = decodeURIComponent(window.location.hash.slice(1));
let samples = [];
let round = 0;
let complaint = '';

async function look() {
  try {
    const status = await get('status');
    const pipeline = status.pipelines.find(each => each.name === chosen) ?? status.pipelines[0];
    showNames(status, pipeline?.name);
    if (pipeline) {
      await showPipeline(pipeline);
    }
    showReplay(status.replay);
    notice(complaint || waiting(status));
  } catch (e) {
    notice(e instanceof TypeError ? 'The process does not answer. The data shown is old.' : `${e.message}.`);
  }
}

function waiting(status) {
  if (status.waiting.length) {
    return `Another process runs ${status.waiting.join(', ')}; this one stands by.`;
  }
  return status.pipelines.length ? '' : 'No pipeline runs here yet.';
}

function notice(text) {
  const element = document.getElementById('notice');
  element.hidden = !text;
  say('notice', text);
}

function complain(text) {
  complaint = `Failed: ${text}.`;
  notice(complaint);
  setTimeout(() => { complaint = ''; }, 6000);
}

function showNames(status, current) {
  const nav = document.getElementById('pipelines');
  const known = JSON.stringify([status.pipelines.map(each => [each.name, each.state, each.source, each.counts, each.ahead, each.window,
    each.destinations.map(({ health, word, reason }) => [health, word, reason])]), current]);
  if (nav.dataset.known === known) {
    return;
  }
  nav.dataset.known = known;
  const focused = document.activeElement?.id;
  nav.replaceChildren(...(status.pipelines.length < 2 ? [] : status.pipelines.map(each => el('button', {
    type: 'button', id: `choose-${each.name}`, 'aria-pressed': String(each.name === current),
    onclick: () => choose(each.name),
  }, el('b', {}, each.name), ...overview(each)))));
  if (focused?.startsWith('choose-')) {
    document.getElementById(focused)?.focus();
  }
}

/** A pipeline in one line: its worst state with the reason, and its figures. */
function overview({ state, source, destinations, counts, ...pipeline }) {
  const worst = ['bad', 'warning'].flatMap(health => [state, source, ...destinations].filter(part => part.health === health))[0] ?? state;
  const figures = `${ahead(pipeline)} rows ahead, ${number(counts.delivered)} delivered, ${number(counts.deadLetters)} dead letters${counts.parked ? `, ${number(counts.parked)} parked` : ''}`;
  return [el('span', { class: `pill ${worst.health}` }, worst.word), el('span', { class: 'muted' }, figures),
    worst.reason ? el('span', { class: 'muted' }, words(worst.reason)) : null];
}

function choose(name) {
  chosen = name;
  window.history.replaceState(null, '', `#${encodeURIComponent(name)}`);
  samples = [];
  round = 0;
  look();
}

async function showPipeline(pipeline) {
  if (document.getElementById('name').textContent !== pipeline.name) {
    samples = [];
    chosen = pipeline.name;
  }
  const younger = await get(`history/${encodeURIComponent(pipeline.name)}/${samples.at(-1)?.time ?? 0}`);
  const begin = Date.now() - QUARTER;
  samples = [...samples, ...younger].filter(sample => sample.time > begin);
  say('name', pipeline.name);
  say('checkpoint', pipeline.checkpoint ?? 'none yet');
  say('reason', pipeline.state.reason ? `${pipeline.state.word}: ${words(pipeline.state.reason)}` : pipeline.source.reason);
  const state = document.getElementById('state');
  state.className = `pill ${pipeline.state.health}`;
  say('state', pipeline.state.word);
  const word = pipeline.state.word;
  const reads = word === 'running' || word === 'alarmed';
  document.getElementById('pause').disabled = !reads;
  document.getElementById('stop').disabled = !reads && word !== 'paused';
  document.getElementById('resume').disabled = !['paused', 'stopping', 'stopped'].includes(word);
  showStrip(pipeline, samples.at(-1));
  showTimeline(pipeline);
  showCharts(pipeline);
  if (round++ % 4 === 0) {
    await showLetters(pipeline.name, complain);
  }
}

function showCharts(pipeline) {
  const times = samples.map(sample => sample.time);
  const values = field => samples.map(sample => sample[field]);
  lineChart(document.getElementById('rate'), { title: 'Rate', note: 'rows per second', unit: short, least: 10 }, times, [
    { name: 'read', kind: 'one', values: values('read') },
    { name: 'acknowledged', kind: 'two', values: values('acknowledged') }]);
  lineChart(document.getElementById('lag'), {
    title: 'In flight', unit: short, least: 10,
    note: `rows read and not acknowledged${pipeline.behindMillis ? `, the oldest for ${duration(pipeline.behindMillis)}` : ''}`,
  }, [...times, Date.now()], [{ name: 'in flight', kind: 'one', values: [...values('window'), pipeline.window] }]);
  showLatency(pipeline, times);
  showFill(pipeline);
}

/** Of the slowest destination, so that one chart is enough; the others have theirs in the strip. */
function showLatency(pipeline, times) {
  const addresses = pipeline.destinations.map(each => each.address);
  const slow = address => Math.max(0, ...samples.slice(-30).map(sample => sample.latencies[address]?.p99 ?? 0));
  const address = addresses.sort((a, b) => slow(b) - slow(a))[0];
  const values = field => samples.map(sample => sample.latencies[address]?.[field] ?? null);
  lineChart(document.getElementById('latency'), {
    title: 'Latency', least: 10, unit: duration,
    note: address ? `${addresses.length > 1 ? 'the slowest: ' : ''}${address.replace(/^https?:\/\//, '')}` : 'of each attempt',
  }, times, ['p50', 'p95', 'p99'].map((name, i) => ({ name, kind: KINDS[i], values: values(name) })));
}

function showFill(pipeline) {
  const sizes = Object.entries(pipeline.batchSizes).map(([size, count]) => [Number(size), count]);
  const largest = Math.max(1, ...sizes.map(([size]) => size));
  const parts = Math.min(5, largest);
  const bars = Array.from({ length: parts }, (_, i) => {
    const from = Math.floor(largest * i / parts) + 1;
    const to = Math.floor(largest * (i + 1) / parts);
    const value = sizes.filter(([size]) => size >= from && size <= to).reduce((sum, [, count]) => sum + count, 0);
    return { label: from === to ? short(to) : `${short(from)}–${short(to)}`, value };
  });
  const closed = sizes.reduce((sum, [, count]) => sum + count, 0);
  barChart(document.getElementById('fill'), {
    title: 'Batch fill', note: 'batches by number of records',
    below: `${number(closed)} batches closed, the largest of ${closed ? number(largest) : 0} records`,
  }, bars);
}

for (const action of ['pause', 'resume', 'stop']) {
  document.getElementById(action).addEventListener('click', async () => {
    try {
      await post(`${action}/${encodeURIComponent(chosen)}`);
      await look();
    } catch (e) {
      complain(e.message);
    }
  });
}
document.getElementById('replay-all').addEventListener('click', () => replay({ pipeline: chosen }, complain));

async function loop() {
  if (!document.hidden) {
    await look();
  }
  setTimeout(loop, 1000);
}
loop();
