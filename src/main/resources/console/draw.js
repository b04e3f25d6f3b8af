// Builds elements and small charts. Whatever comes from elsewhere becomes text, never markup.

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; texts become text nodes. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same of SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick') {
      element.addEventListener('click', value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

/** Sets the text of an element by its id, only when it changes, so that no reader repeats it. */
export function say(id, text) {
  const element = document.getElementById(id);
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** 12,345. */
export function number(value) {
  return Math.round(value).toLocaleString('en-US');
}

/** How many rows of a pipeline are not acknowledged, including rows that are not read yet. */
export function ahead({ ahead: counted, window }) {
  return counted === undefined ? '–' : counted < 10000 ? number(Math.max(counted, window)) : '10,000 or more';
}

/** 950, 12.3k, 4.1M. */
export function short(value) {
  if (value < 1000) {
    return value < 10 && value % 1 > 0.04 ? value.toFixed(1) : String(Math.round(value));
  }
  const [unit, size] = value < 1e6 ? ['k', 1e3] : value < 1e9 ? ['M', 1e6] : ['G', 1e9];
  const scaled = value / size;
  return scaled.toFixed(scaled < 100 && scaled % 1 > 0.04 ? 1 : 0) + unit;
}

/** 250 ms, 1.5 s, 3 min. */
export function duration(millis) {
  if (millis < 1000) {
    return `${Math.round(millis)} ms`;
  }
  if (millis < 120000) {
    return `${(millis / 1000).toFixed(millis < 10000 ? 1 : 0)} s`;
  }
  return millis < 7200000 ? `${Math.round(millis / 60000)} min` : `${Math.round(millis / 3600000)} h`;
}

const STATUSES = {
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 408: 'Request Timeout',
  409: 'Conflict', 413: 'Content Too Large', 422: 'Unprocessable Content', 429: 'Too Many Requests',
  500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
};

/** Why an attempt failed, in words: names of classes say nothing to most. */
export function words(reason) {
  const text = reason.replace(/\bstatus (\d{3})(?![\d:])/g, (all, status) =>
    `${reason.length === all.length ? 'it answers ' : ''}${`${status} ${STATUSES[status] ?? ''}`.trim()}`).replace(/^([\w$]+\.)+([\w$]+)(: |$)/, (all, before, name, end) => (end === ': ' ? '' : name));
  return /connection refused/i.test(text) ? 'it cannot be reached: connection refused' : text;
}

const HEIGHT = 150;
const LEFT = 54;
const BOTTOM = 20;
const TOP = 8;

/**
 * A chart of lines over the last 15 minutes.
 *
 * @param section where it stands
 * @param about title, note and unit (a function from value to text)
 * @param times of the samples, in milliseconds
 * @param lines each with name, kind (the colour) and values, null where there is none
 */
export function lineChart(section, about, times, lines) {
  const chart = section.chart ??= new LineChart(section);
  chart.show(about, times, lines);
}

class LineChart {
  constructor(section) {
    this.section = section;
    this.heading = el('h3');
    this.note = el('p', { class: 'muted' });
    this.legend = el('p', { class: 'legend' });
    this.plot = svg('svg', { class: 'plot', tabindex: '0', role: 'img' });
    section.replaceChildren(el('div', { class: 'title' }, this.heading, this.note), this.plot, this.legend);
    this.plot.addEventListener('pointermove', event => this.point(event.offsetX));
    this.plot.addEventListener('pointerleave', () => this.pick(null));
    this.plot.addEventListener('blur', () => this.pick(null));
    this.plot.addEventListener('keydown', event => this.key(event));
    this.picked = null;
  }

  show(about, times, lines) {
    Object.assign(this, { about, times, lines });
    this.heading.textContent = about.title;
    this.note.textContent = about.note;
    this.draw();
  }

  draw() {
    const width = this.plot.clientWidth || 400;
    const { times, lines, about } = this;
    const end = times.at(-1) ?? Date.now();
    const begin = Math.min(times[0] ?? end, end - 60000);
    const top = nice(Math.max(about.least ?? 1, ...lines.flatMap(line => line.values.filter(value => value !== null))));
    this.x = time => LEFT + (time - begin) / (end - begin || 1) * (width - LEFT - 8);
    const y = value => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
    const parts = [];
    for (const part of [0, 0.5, 1]) {
      parts.push(svg('line', { class: 'grid', x1: LEFT, x2: width - 8, y1: y(top * part), y2: y(top * part) }));
      parts.push(svg('text', { x: LEFT - 6, y: y(top * part) + 4, 'text-anchor': 'end' }, about.unit(top * part)));
    }
    parts.push(svg('text', { x: LEFT, y: HEIGHT - 4 }, `${duration(end - begin)} ago`));
    parts.push(svg('text', { x: width - 8, y: HEIGHT - 4, 'text-anchor': 'end' }, 'now'));
    for (const line of lines) {
      parts.push(svg('path', { class: `line ${line.kind}`, d: path(times, line.values, this.x, y) }));
    }
    const at = this.picked === null ? times.length - 1 : Math.min(this.picked, times.length - 1);
    if (this.picked !== null && at >= 0) {
      const x = this.x(times[at]);
      parts.push(svg('line', { class: 'cross', x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM }));
    }
    this.plot.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    this.plot.setAttribute('aria-label', this.summary(at));
    this.plot.replaceChildren(...parts);
    this.legend.replaceChildren(...this.values(at));
  }

  values(at) {
    const when = this.picked === null ? 'now' : `${duration((this.times.at(-1) ?? 0) - (this.times[at] ?? 0))} ago`;
    const keys = this.lines.map(line => el('span', { class: `key ${line.kind}` }, line.name, ' ',
      el('b', {}, this.text(line, at))));
    return [...keys, el('span', { class: 'muted' }, when)];
  }

  text(line, at) {
    const value = line.values[at];
    return value === null || value === undefined ? '–' : this.about.unit(value);
  }

  summary(at) {
    return `${this.about.title}: ${this.lines.map(line => `${line.name} ${this.text(line, at)}`).join(', ')}`;
  }

  point(x) {
    const nearest = this.times.reduce((best, time, i) =>
      Math.abs(this.x(time) - x) < Math.abs(this.x(this.times[best]) - x) ? i : best, 0);
    this.pick(this.times.length ? nearest : null);
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      const from = this.picked ?? this.times.length - 1;
      this.pick(Math.max(0, Math.min(this.times.length - 1, from + step)));
    }
  }

  pick(at) {
    if (this.picked !== at && this.times) {
      this.picked = at;
      this.draw();
    }
  }
}

function path(times, values, x, y) {
  let d = '';
  let drawn = false;
  times.forEach((time, i) => {
    const value = values[i];
    if (value === null || value === undefined) {
      drawn = false;
      return;
    }
    const point = `${x(time).toFixed(1)} ${y(value).toFixed(1)}`;
    // a lone value is a dot
    d += drawn ? `L${point}` : `M${point}l0.01 0M${point}`;
    drawn = true;
  });
  return d;
}

/** The next of 1, 2, 3, 5, 10, 20 and so on. */
function nice(value) {
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 5, 10].map(step => step * size).find(step => step >= value * 0.999);
}

/**
 * A chart of bars.
 *
 * @param bars each with a label and a value
 */
export function barChart(section, about, bars) {
  const known = JSON.stringify([about.note, bars, section.clientWidth]);
  if (section.dataset.known === known) {
    return;
  }
  section.dataset.known = known;
  const plot = svg('svg', { class: 'plot', role: 'img' });
  section.replaceChildren(
    el('div', { class: 'title' }, el('h3', {}, about.title), el('p', { class: 'muted' }, about.note)),
    plot,
    el('p', { class: 'legend' }, el('span', { class: 'muted' }, about.below)));
  const width = plot.clientWidth || 400;
  const top = Math.max(1, ...bars.map(bar => bar.value));
  const slot = (width - LEFT - 8) / Math.max(1, bars.length);
  plot.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  plot.setAttribute('aria-label',
    `${about.title}: ${bars.filter(bar => bar.value).map(bar => `${number(bar.value)} of ${bar.label}`).join(', ') || 'none yet'}`);
  plot.append(svg('line', { class: 'grid', x1: LEFT, x2: width - 8, y1: HEIGHT - BOTTOM, y2: HEIGHT - BOTTOM }));
  bars.forEach((bar, i) => {
    const height = bar.value / top * (HEIGHT - TOP - BOTTOM - 14);
    const x = LEFT + i * slot;
    const y = HEIGHT - BOTTOM - height;
    plot.append(svg('rect', { class: 'bar', x: x + 2, y, width: Math.max(1, slot - 4), height, rx: 2 }));
    plot.append(svg('text', { x: x + slot / 2, y: HEIGHT - 5, 'text-anchor': 'middle' }, bar.label));
    if (bar.value) {
      plot.append(svg('text', { class: 'value', x: x + slot / 2, y: y - 4, 'text-anchor': 'middle' }, short(bar.value)));
    }
  });
}
