/* The scenario file that the run decides by. */

// Signs that a YAML file may not hold as they are, and those that turn or hide text.
const HIDDEN = /[\u007f-\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]/g;
const quoted = text => JSON.stringify(text).replace(HIDDEN, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return /^[a-z]\w*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/.test(value) ? value : quoted(value);
  return `{${Object.entries(value).map(([key, one]) => `${/^[a-z]\w*$/.test(key) ? key : quoted(key)}: ${flow(one)}`).join(", ")}}`;
}

function scenario(list) {
  const head = [["name", fileName()], ["title", at("file-title").value.trim()], ["question", at("file-question").value.trim()]];
  if (data.page.extends) head.push(["extends", data.scenario.file]);
  const lines = head.filter(pair => pair[1]).map(([key, text]) => `${key}: ${quoted(text)}`);
  return [...lines, "levers:", ...list.map(one => `  - ${flow(one)}`), ""].join("\n");
}

function fileName() {
  const name = at("file-name").value.replace(/[^\p{L}\p{N}_-]/gu, "").replace(/^-+/, "").slice(0, 64);
  return name || "trial";
}

function paintFile() {
  const list = levers();
  put(at("save"), say("save", { file: `${fileName()}.yaml` }));
  at("save").disabled = at("copy").disabled = !list.length;
  at("text").value = list.length ? scenario(list) : words.file_none;
  at("text").rows = Math.max(5, list.length + 7);
  if (at("command")) put(at("command"), `capacity run ${fileName()}.yaml`);
}

at("save").onclick = () => {
  const link = make("a", { download: `${fileName()}.yaml`, href: URL.createObjectURL(new Blob([scenario(levers())], { type: "text/yaml" })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};
at("copy").onclick = async () => {
  at("text").select();
  let done = false;
  try { await navigator.clipboard.writeText(at("text").value); done = true; } catch { done = document.execCommand("copy"); }
  put(at("copied"), done ? words.copied : "");
};
