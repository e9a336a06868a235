/* Draws: in a thread of their own, so that no lever waits for them; the newest levers next. */

const source = document.currentScript.previousElementSibling.textContent; // the kernel
let thread = null, asked = false, wanted = null, later = 0, ranges = null;

function begin() { // the same kernel, on the same data; where there are no threads, here, when a lever rests
  if (thread !== null || !data.luck) return;
  const code = ['"use strict"; self.window = self; onmessage = ({ data: given }) => { if (typeof given === "string") {',
    'self.document = { getElementById: () => ({ textContent: given }) };', source, 'return; }',
    'let out = null; try { out = capacity.run(given, { draws: true }); } catch { /* told by the page */ }',
    'postMessage(out && { draws: out.draws, bands: out.bands, entry_bands: out.entry_bands }); };'];
  try {
    thread = new Worker(URL.createObjectURL(new Blob(code.map(line => `${line}\n`), { type: "text/javascript" })));
    thread.onmessage = ({ data: out }) => { asked = false; taken(out); };
    thread.onerror = () => { thread = false; asked = false; if (wanted) ask(wanted); };
    thread.postMessage(document.getElementById("capacity-data").textContent);
  } catch { thread = false; }
}

function ask(list) {
  begin();
  wanted = data.luck && list.length ? list : null;
  clearTimeout(later);
  if (!wanted) ranges = null;
  else if (!thread) later = setTimeout(() => { try { taken(capacity.run(list, { draws: true })); } catch { taken(null); } }, RESTS);
  else if (!asked) send();
}

function send() {
  thread.postMessage(wanted);
  asked = true;
  wanted = null;
}

function taken(out) {
  if (thread && wanted) send();
  else if (!thread) wanted = null;
  ranges = out && levers().length ? { draws: out.draws, bands: sorted(out.bands), entryBands: sorted(out.entry_bands) } : null;
  soon();
}
