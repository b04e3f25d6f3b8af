// The way of a record, from the source to each destination.
import { ahead, el, number, short, words } from './draw.js';

/** Shows the nodes of a pipeline; rates are those of its last sample. */
export function showStrip(pipeline, sample) {
  const known = JSON.stringify([pipeline, sample]);
  const strip = document.getElementById('strip');
  if (strip.dataset.known !== known) {
    strip.dataset.known = known;
    strip.replaceChildren(...columns(pipeline, sample));
  }
}

function columns(pipeline, sample) {
  const { counts, state } = pipeline;
  const resting = state.word !== 'running' && state.word !== 'alarmed';
  const sizes = Object.entries(pipeline.batchSizes).map(([size, count]) => [Number(size), count]);
  const closed = sizes.reduce((sum, [, count]) => sum + count, 0);
  const records = sizes.reduce((sum, [size, count]) => sum + size * count, 0);
  const inFlight = pipeline.timeline.bars.length + pipeline.timeline.more;
  const failing = pipeline.timeline.bars.filter(bar => bar.attempt > 0).length;
  const rest = (health, word) => (resting ? { health: 'idle', word: state.word, reason: '' } : { health, word, reason: '' });
  const nodes = [
    [node('source', 'Source', pipeline.source, [
      [number(counts.read), 'rows read'], [short(sample?.read ?? 0), 'a second'],
      [ahead(pipeline), 'rows ahead']])],
    [node('pages', 'Pages', pipeline.source.word === 'waits' ? rest('warning', 'full') : rest('ok', 'has room'), [
      [number(counts.pages), 'read'], [number(pipeline.pageSize), 'rows each'],
      [short(pipeline.window), `of ${short(pipeline.maxInFlight)} in flight`]])],
    [node('split', 'Split', rest('ok', 'splits'), [
      [number(Math.max(0, counts.read - counts.filtered)), 'passed on'], [number(counts.filtered), 'filtered out'],
      [number(counts.deadLetters), 'dead letters'],
      ...(counts.parked ? [[number(counts.parked), 'parked']] : [])])],
    [node('batches', 'Batches', failing ? { ...rest('warning', 'wait'), reason: '' } : rest('ok', 'flow'), [
      [number(closed), 'closed'], [number(inFlight), 'in flight'],
      [closed ? number(records / closed) : '–', 'records each']])],
    destinations(pipeline),
  ];
  return nodes.map(column => el('li', {}, ...column));
}

function destinations(pipeline) {
  if (!pipeline.destinations.length) {
    return [node('destination', 'Destination', { health: 'idle', word: 'not tried', reason: '' }, [
      ['0', 'accepted'], ['0', 'refused'], ['0', 'failed']])];
  }
  return pipeline.destinations.map(destination => node('destination', destination.address.replace(/^https?:\/\//, ''),
    { ...destination, reason: destination.reason ? words(destination.reason) : '' }, [
      [number(destination.accepted), 'accepted'], [number(destination.refused), 'refused'],
      [number(destination.failed), 'failed'],
      ...(destination.concurrency ? [[number(destination.concurrency), 'at a time']] : [])]));
}

function node(kind, title, { health, word, reason }, badges) {
  return el('article', { class: `node ${health}`, 'data-node': kind },
    el('div', { class: 'title' }, el('h3', { title }, title), el('span', { class: `pill ${health}` }, word)),
    el('ul', { class: 'badges' }, ...badges.map(([value, label]) =>
      el('li', {}, el('b', {}, value), ' ', el('span', {}, label)))),
    reason ? el('p', { class: 'reason' }, reason) : null);
}
