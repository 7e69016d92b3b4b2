/* Any function of any module of the app, called by name; what it throws comes back as a text. */

export async function call([name, called, ...given]) {
  const part = await import(`/field/app/${name}.js`);
  try {
    const result = await part[called](...given);
    return result === undefined ? null : result;
  } catch (problem) {
    return `Error: ${problem.message}`;
  }
}

/* Everything that the databases and the settings of this page hold, as one text. */
export async function everything() {
  const texts = [JSON.stringify({ ...localStorage })];
  for (const { name, version } of await indexedDB.databases()) {
    const db = await new Promise((resolve) => {
      const request = indexedDB.open(name, version);
      request.onsuccess = () => resolve(request.result);
    });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((resolve) => {
        const request = db.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      texts.push(`${name}/${store}: ${JSON.stringify(rows)}`);
    }
    db.close();
  }
  return texts.join("\n");
}

/* Move the clock of this page by so many milliseconds. */
export function shiftClock(by) {
  const now = Date.now.bind(Date);
  Date.now = () => now() + by;
}
