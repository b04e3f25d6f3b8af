// The batches in flight as bars over the keys: the one that holds the checkpoint stands out.
import { ahead, duration, el, number, say, svg, words } from './draw.js';

const TALLEST = 260;

/** Shows the batches of a pipeline that are on their way. */
export function showTimeline(pipeline) {
  const { timeline } = pipeline;
  const place = document.getElementById('timeline');
  say('timeline-range', timeline.to > timeline.from
    ? `records ${number(timeline.from + 1)} to ${number(timeline.to)} in the order of the source`
    : 'nothing is in flight');
  say('held', [held(pipeline), pipeline.audit].filter(Boolean).join(' Audit: '));
  const known = JSON.stringify([timeline, place.clientWidth, pipeline.destinations.map(each => each.health)]);
  if (place.dataset.known !== known) {
    place.dataset.known = known;
    place.replaceChildren(...(timeline.to > timeline.from ? [chart(pipeline, place.clientWidth || 600)] : []));
  }
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
