/** The ids that are known to be there, by the path before them. */
export class Known {
  #ids = new Map();
  #marks = 0;

  nextMark() {
    this.#marks += 1;
    return this.#marks;
  }

  note(path, parameter, id) {
    this.#ids.set(prefixOf(path, parameter), id);
  }

  forget(path, parameter) {
    this.#ids.delete(prefixOf(path, parameter));
  }

  /** What the parameters of a path may be, but for the one left out. */
  valuesFor(path, except) {
    const names = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
    const values = new Map();
    for (const name of names) {
      const id = name === except ? undefined : this.#ids.get(prefixOf(path, name));
      if (id !== undefined) values.set(name, id);
    }
    return values;
  }
}

function prefixOf(path, parameter) {
  return path.slice(0, path.indexOf(`{${parameter}}`)).replace(/\{[^}]*\}/g, '{}');
}
