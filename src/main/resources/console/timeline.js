// The batches in flight, with the one that holds the checkpoint highlighted, and the parts of the last audit, over the keys.
import { ahead, duration, el, number, say, svg, words } from './draw.js';

const TALLEST = 260;

/** Shows the batches of a pipeline that are on their way. */
export function showTimeline(pipeline) {
  const { timeline } = pipeline;
  const place = document.getElementById('timeline');
  say('timeline-range', timeline.to > timeline.from
    ? `records ${number(timeline.from + 1)} to ${number(timeline.to)} in the order of the source`
    : 'nothing is in flight');
  say('held', held(pipeline));
  showAudit(pipeline);
  const known = JSON.stringify([timeline, place.clientWidth, pipeline.destinations.map(each => each.health)]);
  if (place.dataset.known !== known) {
    place.dataset.known = known;
    place.replaceChildren(...(timeline.to > timeline.from ? [chart(pipeline, place.clientWidth || 600)] : []));
  }
}

const FINDINGS = {
  PROVEN: 'proven complete', NO_RECEIPTS: 'no receipts, so not audited', NOT_PROVEN: 'not proven', MISSING: 'rows never read',
};
const SMALLEST_HOLE = 8;

/** The parts of the last audit over the keys: what is not proven is higher, and never too narrow to be seen. */
function showAudit({ audit, segments }) {
  const place = document.getElementById('audit');
  document.getElementById('audit-card').hidden = !audit;
  say('audited', audit ?? '');
  const known = JSON.stringify([segments, place.clientWidth]);
  if (audit && place.dataset.known !== known) {
    place.dataset.known = known;
    place.replaceChildren(segments.length ? parts(segments, place.clientWidth || 600) : '');
  }
}

function parts(segments, width) {
  const rows = segments.reduce((sum, part) => sum + part.rows, 0) || 1;
  const wanted = segments.map(part => Math.max(part.rows / rows * width, part.finding === 'PROVEN' ? 2 : SMALLEST_HOLE));
  const scale = width / wanted.reduce((sum, each) => sum + each, 0);
  let x = 0;
  const bars = segments.map((part, i) => {
    const hole = part.finding !== 'PROVEN';
    const bar = svg('rect', {
      class: `audited ${part.finding.toLowerCase()}`, x, y: hole ? 2 : 10, width: Math.max(1, wanted[i] * scale - 1), height: hole ? 28 : 12, rx: 1,
    }, svg('title', {}, `${part.after ? `after ${part.after} ` : ''}up to ${part.last}: ${number(part.rows)} rows, ${
      part.missing ? `${number(part.missing)} never read` : FINDINGS[part.finding]}`));
    x += wanted[i] * scale;
    return bar;
  });
  const holes = segments.filter(part => part.finding !== 'PROVEN').length;
  return el('div', {},
    svg('svg', { viewBox: `0 0 ${width} 32`, role: 'img', 'aria-label': `${segments.length} parts, ${holes} of them with a hole` }, ...bars),
    el('p', { class: 'legend' }, ...Object.keys(FINDINGS).filter(each => segments.some(part => part.finding === each))
      .map(each => el('span', { class: `key audited ${each.toLowerCase()}` }, FINDINGS[each]))));
}

function held(pipeline) {
  const { state, holder, behindMillis, timeline } = pipeline;
  if (!holder) {
    const more = state.word !== 'running' && pipeline.ahead ? ` ${ahead(pipeline)} rows wait in the source.` : '';
    return `Everything that was read is settled.${more}`;
  }
  if (state.word === 'stopped') {
    return 'Unsettled records are read again after Resume.';
  }
  const since = behindMillis > 1000 ? `, for ${duration(behindMillis)}` : '';
  if (!holder.batch) {
    return `The checkpoint waits${since}: ${holder.reason}.`;
  }
  const failed = holder.attempt ? `attempt ${number(holder.attempt)} failed: ${words(holder.reason)}` : holder.reason;
  const more = timeline.more ? ` ${number(timeline.more)} batches are not shown.` : '';
  return `The checkpoint is held at ${holder.key} by batch ${holder.batch.slice(0, 8)}${since}; ${failed}.${more}`;
}

function chart({ timeline, checkpoint, destinations }, width) {
  const down = destinations.length > 0 && destinations.every(each => each.health === 'bad');
  const span = timeline.to - timeline.from;
  const rows = Math.max(1, timeline.bars.length);
  const step = Math.min(13, TALLEST / rows);
  const height = rows * step + 46;
  const x = at => 8 + (at - timeline.from) / span * (width - 16);
  const parts = [];
  const end = Math.max(timeline.from, ...timeline.bars.map(bar => bar.to));
  if (timeline.to > end) {
    parts.push(svg('rect', { class: 'reading', x: x(end), y: 22, width: x(timeline.to) - x(end), height: rows * step + 2, rx: 3 }));
    if (x(timeline.to) - x(end) > 120) {
      parts.push(svg('text', { x: (x(end) + x(timeline.to)) / 2, y: 22 + rows * step / 2 + 5, 'text-anchor': 'middle' }, 'read, being collected'));
    }
  }
  timeline.bars.forEach((bar, i) => {
    const left = x(bar.from - 1);
    parts.push(svg('rect', {
      class: `flight ${kind(bar, down)}`, x: left, y: 23 + i * step,
      width: Math.max(4, x(bar.to) - left), height: step * 0.78, rx: Math.min(3, step / 3), 'data-batch': bar.id, 'data-holds': bar.holds,
    }, svg('title', {}, text(bar, down))));
  });
  parts.push(svg('line', { class: 'watermark', x1: x(timeline.from), x2: x(timeline.from), y1: 6, y2: height - 22 }));
  parts.push(svg('text', { class: 'mark', x: x(timeline.from) + 6, y: 15 }, checkpoint ? `checkpoint ${checkpoint}` : 'no checkpoint yet'));
  const holds = timeline.bars.find(bar => bar.holds);
  parts.push(svg('text', { x: 8, y: height - 6 }, holds ? holds.firstKey : ''));
  parts.push(svg('text', { x: width - 8, y: height - 6, 'text-anchor': 'end' }, timeline.bars.reduce(
    (last, bar) => (bar.to >= (last?.to ?? 0) ? bar : last), null)?.lastKey ?? ''));
  return el('div', {},
    svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${timeline.bars.length} batches in flight` }, ...parts),
    el('p', { class: 'legend' },
      el('span', { class: 'key holds' }, 'holds the checkpoint'), el('span', { class: 'key fails' }, 'being retried'),
      down ? el('span', { class: 'key waits' }, 'waits for the destination') : el('span', { class: 'key way' }, 'in flight')));
}

function kind(bar, down) {
  return bar.holds ? 'holds' : bar.attempt ? 'fails' : down ? 'waits' : 'way';
}

function text(bar, down) {
  const failed = bar.attempt ? `, attempt ${bar.attempt} failed: ${words(bar.reason)}` : down ? ', waits for the destination' : '';
  return `batch ${bar.id.slice(0, 8)}: ${bar.firstKey} to ${bar.lastKey}, ${number(bar.unsettled)} of ${number(bar.records)} records not settled${failed}`;
}
