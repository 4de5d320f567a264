// The graph: choose a table to see what hangs on it; look closer, and move.
'use strict';
{
  const svg = document.getElementById('graph');
  const width = Number(svg.dataset.width);
  const height = Number(svg.dataset.height);
  const nodes = new Map([...svg.querySelectorAll('.node')].map((node) => [node.dataset.name, node]));
  const edges = [...svg.querySelectorAll('.edge')];
  const below = new Map();
  const above = new Map();
  for (const edge of edges) {
    add(below, edge.dataset.from, edge);
    add(above, edge.dataset.to, edge);
  }
  let view = { x: 0, y: 0, w: width, h: height };
  let chosen = '';

  function add(map, key, edge) {
    map.set(key, [...(map.get(key) || []), edge]);
  }

  function show() {
    svg.setAttribute('viewBox', `${view.x} ${view.y} ${view.w} ${view.h}`);
  }

  /** All of a small graph; of a large one, as much as can be read. */
  function fit() {
    const box = svg.getBoundingClientRect();
    const scale = Math.max(width / box.width, height / box.height, 1);
    view.w = box.width * scale;
    view.h = box.height * scale;
    view.x = (width - view.w) / 2;
    view.y = (height - view.h) / 2;
    show();
  }

  function zoom(factor, x = view.x + view.w / 2, y = view.y + view.h / 2) {
    const least = svg.getBoundingClientRect().width / 4;
    const most = Math.max(width, height, least) * 4;
    const f = Math.min(most / view.w, Math.max(least / view.w, factor));
    view = { x: x - (x - view.x) * f, y: y - (y - view.y) * f, w: view.w * f, h: view.h * f };
    show();
  }

  function reach(name, edgesOf, end) {
    const open = [name];
    const seen = new Set(open);
    while (open.length) {
      for (const edge of edgesOf.get(open.pop()) || []) {
        edge.classList.add('on');
        if (!seen.has(edge.dataset[end])) {
          seen.add(edge.dataset[end]);
          open.push(edge.dataset[end]);
        }
      }
    }
    seen.forEach((one) => nodes.get(one).classList.add('on'));
  }

  function choose(name) {
    svg.querySelectorAll('.on, .self').forEach((one) => one.classList.remove('on', 'self'));
    chosen = nodes.has(name) ? name : '';
    svg.classList.toggle('chosen', chosen !== '');
    if (chosen) {
      nodes.get(chosen).classList.add('self');
      reach(chosen, below, 'to');
      reach(chosen, above, 'from');
    }
  }

  function point(event) {
    const box = svg.getBoundingClientRect();
    return [view.x + (event.clientX - box.left) / box.width * view.w,
      view.y + (event.clientY - box.top) / box.height * view.h];
  }

  let from = null;
  let moved = false;
  svg.addEventListener('pointerdown', (event) => {
    from = { x: event.clientX, y: event.clientY };
    moved = false;
  });
  window.addEventListener('pointermove', (event) => {
    if (!from) {
      return;
    }
    const scale = view.w / svg.getBoundingClientRect().width;
    if (moved || Math.hypot(event.clientX - from.x, event.clientY - from.y) > 4) {
      moved = true;
      svg.classList.add('moving');
      view.x -= (event.clientX - from.x) * scale;
      view.y -= (event.clientY - from.y) * scale;
      from = { x: event.clientX, y: event.clientY };
      show();
    }
  });
  window.addEventListener('pointerup', () => {
    from = null;
    svg.classList.remove('moving');
  });
  svg.addEventListener('dragstart', (event) => event.preventDefault());
  svg.addEventListener('click', (event) => {
    const node = event.target.closest('.node');
    if (moved || (node && node.dataset.name !== chosen && event.detail > 0)) {
      event.preventDefault();
    }
    if (!moved) {
      if (node && node.dataset.name !== chosen) {
        choose(node.dataset.name);
      } else if (!node) {
        choose('');
      }
    }
  });
  svg.addEventListener('focusin', (event) => {
    const node = event.target.closest('.node');
    if (node && node.matches(':focus-visible')) {
      choose(node.dataset.name);
    }
  });
  svg.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, ...point(event));
  }, { passive: false });
  document.querySelectorAll('[data-zoom]').forEach((button) => {
    button.addEventListener('click', () => {
      ({ in: () => zoom(1 / 1.3), out: () => zoom(1.3), fit })[button.dataset.zoom]();
    });
  });
  document.addEventListener('keydown', (event) => {
    if (event.target.closest('input, textarea, select') || event.ctrlKey || event.metaKey) {
      return;
    }
    const step = view.w / 12;
    const keys = {
      '+': () => zoom(1 / 1.3),
      '=': () => zoom(1 / 1.3),
      '-': () => zoom(1.3),
      0: fit,
      Escape: () => choose(''),
      ArrowLeft: () => { view.x -= step; },
      ArrowRight: () => { view.x += step; },
      ArrowUp: () => { view.y -= step; },
      ArrowDown: () => { view.y += step; },
    };
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
      show();
    }
  });
  fit();
  choose(svg.dataset.selected);
}
