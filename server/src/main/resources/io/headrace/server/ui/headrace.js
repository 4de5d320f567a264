// What pages do that HTML does not: parts that come later, buttons that ask the API, keys.
'use strict';

const parts = new Map();
const SILENT = 'The server does not answer. Is `headrace serve` still running?';

/** Puts what the server says into an element; of calls that overlap the last one counts. */
async function load(element, url) {
  const mine = (parts.get(element) || 0) + 1;
  parts.set(element, mine);
  element.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(url, { headers: { 'X-Headrace': 'part' } });
    const html = await answer.text();
    if (parts.get(element) === mine) {
      element.innerHTML = html;
    }
  } catch (e) {
    if (parts.get(element) === mine) {
      element.querySelector('.silent')?.remove();
      const note = document.createElement('p');
      note.className = 'error silent';
      note.textContent = SILENT;
      // What is known of a run stays; instead of any other part there is only a word to wait.
      element.dataset.partUrl ? element.prepend(note) : element.replaceChildren(note);
    }
  }
  element.removeAttribute('aria-busy');
}

for (const part of document.querySelectorAll('div[data-part]')) {
  load(part, part.dataset.part);
}
for (const part of document.querySelectorAll('details[data-part]')) {
  part.addEventListener('toggle', () => {
    if (part.open && !part.dataset.loaded) {
      part.dataset.loaded = 'true';
      load(part.querySelector('div'), part.dataset.part);
    }
  });
}

/**
 * Follows a run until it is over. The server draws it anew when something happened, but not more
 * than thrice a second. The button that cancels it is no part of that: it would go while it is
 * pressed.
 */
function follow(run) {
  let timer = 0;
  const again = () => {
    timer = timer || setTimeout(async () => {
      timer = 0;
      await load(run, run.dataset.partUrl);
      const state = document.getElementById('state');
      if (state && !state.dataset.running) {
        clearInterval(ticking);
        document.getElementById('cancel')?.remove();
      }
    }, 300);
  };
  const ticking = setInterval(again, 2000);
  if (run.dataset.live) {
    const events = new EventSource(run.dataset.live);
    for (const kind of ['started', 'task_started', 'task_waiting', 'task_retried', 'part_finished',
      'task_finished', 'check_finished', 'conflicted', 'finished']) {
      events.addEventListener(kind, again);
    }
    events.addEventListener('over', () => {
      events.close();
      again();
    });
  }
}
const run = document.getElementById('run');
if (run && (run.dataset.live || run.dataset.poll)) {
  follow(run);
}

/** The fields of a form as the API wants them; empty ones are left out. */
function fields(form) {
  const values = {};
  for (const field of form.querySelectorAll('[name]')) {
    const text = field.value.trim();
    if (text) {
      values[field.name] = field.dataset.kind === 'list' ? text.split(/[\s,]+/) : text;
    }
  }
  return values;
}

/** Sends JSON; answers what came back, or throws what the server says is wrong. */
async function post(url, values) {
  let answer;
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(values),
    });
  } catch (e) {
    throw new Error(SILENT);
  }
  const said = await answer.json().catch(() => ({ error: 'The server answered ' + answer.status }));
  if (!answer.ok) {
    throw new Error([said.error, said.hint].filter(Boolean).join('. '));
  }
  return said;
}

/** A button that cannot be taken back has to be pressed twice. */
function isSure(button) {
  if (!button || !button.dataset.confirm || button.classList.contains('sure')) {
    return true;
  }
  const text = button.textContent;
  button.textContent = button.dataset.confirm;
  button.classList.add('sure');
  setTimeout(() => {
    button.textContent = text;
    button.classList.remove('sure');
  }, 5000);
  return false;
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.dataset.post) {
    return;
  }
  event.preventDefault();
  const button = event.submitter || form.querySelector('button');
  if (!isSure(button)) {
    return;
  }
  const output = form.querySelector('output');
  output.textContent = '';
  button.disabled = true;
  try {
    const said = await post(form.dataset.post, fields(form));
    const go = form.dataset.go;
    if (!go) {
      location.reload();
    } else if (go !== 'stay') {
      location.assign(go.replace(/\{(\w+)\}/g, (_, key) => encodeURIComponent(said[key])));
      return;
    }
  } catch (e) {
    output.textContent = e.message;
  }
  button.disabled = false;
});

/** Changes between light and dark, and remembers it for the server to draw it so at once. */
function changeTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  document.cookie = `theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Strict`;
}
document.getElementById('theme').addEventListener('click', changeTheme);

/** Words that go on from a prefix; none if the server has no answer, since typing goes on without. */
async function complete(address, prefix, named = []) {
  const url = new URL(address, location.href);
  url.searchParams.set('prefix', prefix);
  named.forEach((word) => url.searchParams.append('of', word));
  const answer = await fetch(url).catch(() => null);
  return answer && answer.ok ? answer.json() : [];
}

/** Completes what is typed in a field of a name of a table. */
for (const field of document.querySelectorAll('input[data-words]')) {
  const list = document.createElement('datalist');
  list.id = 'words-of-' + field.name;
  field.after(list);
  field.setAttribute('list', list.id);
  field.addEventListener('input', async () => {
    const prefix = field.value;
    const words = await complete(field.dataset.words, prefix);
    if (field.value === prefix) {
      list.replaceChildren(...words.map((one) => new Option(one.word, one.word)));
    }
  });
}

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, textarea, select');
  if (event.key === 'Escape' && typing && typing.id === 'search') {
    typing.blur();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const search = document.getElementById('search');
  if (event.key === '/' && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === 'd') {
    changeTheme();
  }
});
