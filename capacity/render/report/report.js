(() => {
  "use strict";
  const main = document.getElementById("main");
  const said = main.dataset;

  // Tabs: what the address names is shown; without a name of a part, the first.
  const tabs = [...document.querySelectorAll("#tabs [role=tab]")];
  const panels = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
  const show = (at) => {
    tabs.forEach((tab, k) => {
      tab.setAttribute("aria-selected", k === at);
      tab.tabIndex = k === at ? 0 : -1;
      panels[k].hidden = k !== at;
    });
    window.dispatchEvent(new CustomEvent("capacity:tab", { detail: panels[at].id }));
  };
  // "#live" and "#live=…" are the tab of this code, "#answer" is a part of the first.
  const follow = () => {
    const named = location.hash.slice(1).split("=")[0];
    const part = document.getElementById(named);
    show(Math.max(0, panels.findIndex((panel) => part && panel.contains(part))));
    if (part && !panels.includes(part)) part.scrollIntoView();
  };
  if (tabs.length) {
    tabs.forEach((tab, k) => {
      tab.addEventListener("click", (event) => {
        event.preventDefault();
        show(k);
      });
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, Home: -k, End: tabs.length - 1 - k }[event.key];
        if (event.key === " " || event.key === "Enter") show(k);
        else if (step === undefined) return;
        else {
          const next = (k + step + tabs.length) % tabs.length;
          show(next);
          tabs[next].focus();
        }
        event.preventDefault();
      });
    });
    window.addEventListener("hashchange", follow);
    follow();
  }

  // Numbers as a table shows them: "−1,234", "< 1 %", so many ten thousands; a range counts by its low end.
  const value = (text) => {
    const found = /[-−+]?\d[\d,]*(\.\d+)?/.exec(text.replace(/^[≥≤~\s]+/, ""));
    if (!found) return null;
    const plain = Number(found[0].replace("−", "-").replace(/,/g, ""));
    const begins = (mark) => mark && text.trim().startsWith(mark);
    const nearly = begins("<") || begins(said.below) ? -0.5 : begins(">") || begins(said.above) ? 0.5 : 0;
    return plain * (said.tens && text.includes(said.tens) ? 10000 : 1) + nearly;
  };
  const texts = (row) => [...row.cells].map((cell) => cell.textContent);

  const sort = (table, at, head) => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = table.tBodies[0];
    const words = head.classList.contains("text") && at > 0 || head.dataset.words === "true";
    const rows = [...body.rows].map((row) => {
      const text = row.cells[at].textContent.trim();
      return { row, text, number: words ? null : value(text) };
    });
    const language = document.documentElement.lang;
    rows.sort((one, other) => {
      const known = (one.number === null) - (other.number === null);
      const order = one.number === null
        ? one.text.localeCompare(other.text, language)
        : one.number - other.number;
      return known || (down ? -order : order);
    });
    body.append(...rows.map(({ row }) => row));
  };

  // A cell as a spreadsheet takes it: plain numbers, and no text that would be a formula.
  const cell = (text) => {
    const trimmed = text.replace(/\s+/g, " ").trim();
    const plain = trimmed.replace(/,(?=\d{3})/g, "").replace(/^−/, "-");
    if (/^[+-]?\d+(\.\d+)?( ?%)?$/.test(plain)) return plain.replace(/^\+| /g, "");
    return /^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(trimmed) ? `'${trimmed}` : trimmed;
  };
  const plain = (table) => [...table.rows].map((row) => texts(row).map(cell).join("\t")).join("\n");
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };

  for (const table of document.querySelectorAll("#report table.figures")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = said.sort;
      button.append(...head.childNodes);
      head.append(button);
      const cells = [...table.tBodies[0].rows].map((row) => row.cells[at].textContent.trim());
      head.dataset.words = at === 0 && cells.some((text) => text && !/^\d+(\/\d\d)?$/.test(text));
      button.addEventListener("click", () => sort(table, at, head));
    });
    const tools = document.createElement("p");
    tools.className = "tools";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = said.copy;
    const state = document.createElement("span");
    state.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      state.textContent = ` ${(await copy(plain(table))) ? said.copied : said.failed}`;
    });
    tools.append(button, state);
    table.parentNode.after(tools);
  }

  // Values on hover: what a browser would show late, and not at all by touch.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  for (const part of document.querySelectorAll(".told")) {
    const title = part.querySelector("title");
    const text = title.textContent;
    title.remove();
    const move = (event) => {
      tip.textContent = text;
      tip.hidden = false;
      const wide = tip.offsetWidth, high = tip.offsetHeight;
      const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - wide - 6);
      const below = event.clientY + 18;
      const fits = below + high < document.documentElement.clientHeight;
      tip.style.left = `${Math.max(4, left)}px`;
      tip.style.top = `${fits ? below : event.clientY - high - 10}px`;
    };
    part.addEventListener("pointermove", move);
    part.addEventListener("pointerdown", move);
    part.addEventListener("pointerleave", () => (tip.hidden = true));
  }
})();
