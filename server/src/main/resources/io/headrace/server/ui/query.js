// The page of queries: completion, the answer as a table, as a drawing and as a file.
'use strict';
{
  const form = document.getElementById('query');
  const sql = document.getElementById('sql');
  const list = document.getElementById('words');
  const problem = document.getElementById('problem');
  const answer = document.getElementById('answer');
  let result = null;
  let at = -1;

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    hide();
    const button = form.querySelector('button');
    button.disabled = true;
    problem.replaceChildren();
    try {
      const values = { ...fields(form), environment: form.dataset.environment };
      result = await post(form.dataset.api, values);
      draw();
    } catch (e) {
      answer.hidden = true;
      problem.replaceChildren(make('p', e.message, 'error'));
    }
    button.disabled = false;
  });

  function make(tag, text, style) {
    const element = document.createElement(tag);
    element.textContent = text;
    if (style) {
      element.className = style;
    }
    return element;
  }

  function text(value) {
    return value === null ? 'null' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  const isNumber = (column) => result.rows.some((row) => typeof row[column] === 'number')
    && result.rows.every((row) => row[column] === null || typeof row[column] === 'number');

  function draw() {
    const count = result.rows.length;
    document.getElementById('summary').textContent =
      `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}${result.truncated ? ', and there are more' : ''}`
      + ` · commit ${result.commit} · ${result.seconds < 1 ? Math.round(result.seconds * 1000) + ' ms' : result.seconds.toFixed(1) + ' s'}`;
    const table = make('table', '', 'grid rows');
    const head = table.createTHead().insertRow();
    const numbers = result.columns.map((_, i) => isNumber(i));
    result.columns.forEach((column, i) => {
      const cell = make('th', column.name, numbers[i] ? 'num' : '');
      cell.scope = 'col';
      cell.title = column.type;
      head.append(cell);
    });
    const body = table.createTBody();
    for (const row of result.rows) {
      const line = body.insertRow();
      row.forEach((value, i) => {
        const whole = text(value);
        const cell = make('td', whole.length > 120 ? whole.slice(0, 119) + '…' : whole,
          value === null ? 'null' : numbers[i] ? 'num' : '');
        if (whole.length > 120) {
          cell.title = whole.slice(0, 2000);
        }
        line.append(cell);
      });
    }
    document.getElementById('rows').replaceChildren(table);
    const axis = (id, wanted) => {
      const select = document.getElementById(id);
      const choices = result.columns.map((column, i) => [column.name, i]).filter(([, i]) => wanted(i));
      select.replaceChildren(...choices.map(([name, i]) => new Option(name, i)));
    };
    axis('chart-y', (i) => numbers[i]);
    axis('chart-x', () => true);
    answer.hidden = false;
    chart();
  }

  /** One series of numbers over the rows as they come. */
  function chart() {
    const kind = document.getElementById('chart-kind').value;
    const y = Number(document.getElementById('chart-y').value);
    const x = Number(document.getElementById('chart-x').value);
    const box = document.getElementById('chart');
    document.querySelectorAll('.axes').forEach((one) => { one.hidden = !kind; });
    box.replaceChildren();
    if (!kind) {
      return;
    }
    if (!document.getElementById('chart-y').options.length) {
      box.append(make('p', 'No column of the answer holds numbers.', 'note'));
      return;
    }
    const points = result.rows.slice(0, 500).filter((row) => row[y] !== null);
    const [w, h, left, bottom, top] = [900, 280, 70, 34, 10];
    const most = Math.max(0, ...points.map((row) => row[y]));
    const least = Math.min(0, ...points.map((row) => row[y]));
    const span = most - least || 1;
    const place = (value) => top + (h - top - bottom) * (most - value) / span;
    const step = (w - left - 10) / Math.max(1, points.length);
    const drawing = node('svg', { viewBox: `0 0 ${w} ${h}`, role: 'img',
      'aria-label': `${result.columns[y].name} by ${result.columns[x].name}` });
    for (let i = 0; i <= 4; i++) {
      const value = least + span * i / 4;
      drawing.append(node('line', { class: 'axis', x1: left, x2: w - 10, y1: place(value), y2: place(value) }));
      drawing.append(node('text', { x: left - 6, y: place(value) + 4, 'text-anchor': 'end' },
        value.toLocaleString('en', { maximumSignificantDigits: 4 })));
    }
    if (kind === 'bar') {
      points.forEach((row, i) => {
        const bar = node('rect', { class: 'part', x: left + i * step + step * 0.1, width: step * 0.8,
          y: Math.min(place(row[y]), place(0)), height: Math.abs(place(row[y]) - place(0)) });
        bar.append(node('title', {}, `${text(row[x])}: ${text(row[y])}`));
        drawing.append(bar);
      });
    } else {
      drawing.append(node('polyline', { class: 'line-of',
        points: points.map((row, i) => `${left + (i + 0.5) * step},${place(row[y])}`).join(' ') }));
    }
    const every = Math.ceil(points.length / 8);
    points.forEach((row, i) => {
      if (i % every === 0) {
        drawing.append(node('text', { x: left + (i + 0.5) * step, y: h - 14, 'text-anchor': 'middle' },
          text(row[x]).slice(0, 16)));
      }
    });
    box.append(drawing);
    if (points.length < result.rows.length) {
      box.append(make('p', 'The first 500 rows that have a number.', 'note'));
    }
  }

  function node(tag, attributes, content) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    if (content) {
      element.textContent = content;
    }
    return element;
  }
  ['chart-kind', 'chart-x', 'chart-y'].forEach((id) => {
    document.getElementById(id).addEventListener('change', chart);
  });

  document.getElementById('save').addEventListener('click', () => {
    const quote = (value) => value === null ? '' : `"${text(value).replaceAll('"', '""')}"`;
    const lines = [result.columns.map((column) => quote(column.name)), ...result.rows.map((row) => row.map(quote))];
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([lines.map((line) => line.join(',') + '\r\n').join('')], { type: 'text/csv' }));
    link.download = 'query.csv';
    link.click();
    URL.revokeObjectURL(link.href);
  });

  const start = () => /[\w.]*$/.exec(sql.value.slice(0, sql.selectionStart))[0];

  /** Asks for words that go on from what is before the cursor. */
  async function suggest() {
    const prefix = start();
    const named = new Set(sql.value.toLowerCase().match(/[a-z_][\w.]*/g) || []);
    // No more than an address can hold.
    const words = await complete(form.dataset.words, prefix, [...named].slice(0, 150));
    if (start() !== prefix) {
      return;
    }
    list.replaceChildren(...words.filter((one) => one.word !== prefix).slice(0, 12).map((one, i) => {
      const item = make('li', '');
      item.id = 'word-' + i;
      item.role = 'option';
      item.dataset.word = one.word;
      item.append(make('span', one.word), make('span', one.kind, 'dim'));
      item.addEventListener('mousedown', (event) => {
        event.preventDefault();
        take(item);
      });
      return item;
    }));
    list.hidden = list.children.length === 0;
    mark(list.hidden ? -1 : 0);
  }

  function mark(i) {
    at = i;
    [...list.children].forEach((item, j) => item.setAttribute('aria-selected', String(i === j)));
    if (i < 0) {
      sql.removeAttribute('aria-activedescendant');
    } else {
      sql.setAttribute('aria-activedescendant', list.children[i].id);
      list.children[i].scrollIntoView({ block: 'nearest' });
    }
  }

  function hide() {
    list.hidden = true;
    mark(-1);
  }

  function take(item) {
    sql.setRangeText(item.dataset.word, sql.selectionStart - start().length, sql.selectionStart, 'end');
    hide();
    sql.focus();
  }

  sql.addEventListener('keydown', (event) => {
    const open = !list.hidden;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault();
      suggest();
    } else if (open && event.key === 'Tab' && !event.shiftKey) {
      event.preventDefault();
      take(list.children[at]);
    } else if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      mark((at + (event.key === 'ArrowDown' ? 1 : -1) + list.children.length) % list.children.length);
    } else if (open && event.key === 'Enter') {
      event.preventDefault();
      take(list.children[at]);
    } else if (open && event.key === 'Escape') {
      hide();
    }
  });
  let typed = 0;
  sql.addEventListener('input', () => {
    clearTimeout(typed);
    if (start().length > 1) {
      typed = setTimeout(suggest, 150);
    } else {
      hide();
    }
  });
  sql.addEventListener('blur', hide);
}
