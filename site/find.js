// Looks among the headings of all pages; they are fetched when somebody first looks.
const root = document.currentScript.dataset.root;
const input = document.getElementById('find');
const list = document.getElementById('found');
let headings;
input.addEventListener('input', async () => {
  headings ??= fetch(`${root}headings.json`).then((answer) => answer.json());
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const all = await headings;
  const hits =
    words.length === 0
      ? []
      : all.filter(({ page, heading }) => words.every((word) => `${page} ${heading}`.toLowerCase().includes(word)));
  list.hidden = hits.length === 0;
  list.replaceChildren(
    ...hits.slice(0, 20).map(({ page, heading, href }) => {
      const item = document.createElement('li');
      const link = item.appendChild(document.createElement('a'));
      link.href = root + href;
      link.textContent = page === heading ? page : `${page}: ${heading}`;
      return item;
    }),
  );
});
