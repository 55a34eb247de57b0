// The schedule in CodeMirror, over the plain text area of the form: without this file that one is used as it stands.
// The editor lives in a shadow root: there its styles are constructed sheets, which the content security policy lets
// pass, while style elements would be refused.
"use strict";

(() => {
  const CM = CodeMirror;
  const area = document.querySelector("textarea[data-editor]");
  const form = area.form;
  const judged = document.getElementById("judged");
  const PATIENCE = 500; // milliseconds after the last key until the text is judged
  const REFUSED = new Set([401, 403]);

  const theme = CM.EditorView.theme({
    "&": { color: "var(--ink)", backgroundColor: "var(--sheet)", border: "1px solid var(--line)", borderRadius: "0.5rem", height: "65vh" },
    "&.cm-focused": { outline: "3px solid var(--pico-primary)", outlineOffset: "2px" },
    ".cm-scroller": { fontFamily: "ui-monospace, monospace", fontSize: "0.9rem", lineHeight: "1.5" },
    ".cm-gutters": { color: "var(--soft)", backgroundColor: "var(--ground)", borderRight: "1px solid var(--line)" },
    ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--pico-primary) 8%, transparent)" },
    ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)", fontWeight: "600" },
    ".cm-cursor": { borderLeftColor: "var(--ink)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "color-mix(in srgb, var(--pico-primary) 30%, transparent)",
    },
    ".cm-tooltip, .cm-panels": { color: "var(--ink)", backgroundColor: "var(--sheet)", border: "1px solid var(--line)" },
    "& .cm-panel.cm-search": { display: "flex", flexWrap: "wrap", gap: "0.4rem", alignItems: "center", padding: "0.5rem 2.5rem 0.5rem 0.5rem" },
    "& .cm-panel.cm-search br": { display: "none" },
    "& .cm-panel.cm-search label": { display: "inline-flex", alignItems: "center", gap: "0.3rem", minHeight: "1.75rem", fontSize: "0.9rem" },
    "& .cm-panels .cm-textfield, & .cm-panels .cm-button, & .cm-panels .cm-panel [name=close], & .cm-panels .cm-dialog-close": {
      color: "var(--ink)", background: "var(--sheet)", border: "1px solid var(--pico-form-element-border-color)", borderRadius: "0.25rem",
      minHeight: "1.75rem", minWidth: "1.75rem", margin: "0", padding: "0.1rem 0.5rem", fontSize: "0.9rem",
    },
    "& .cm-panel.cm-search [type=checkbox]": { width: "1.5rem", height: "1.5rem", margin: "0" },
  });
  const colours = CM.HighlightStyle.define([
    { tag: CM.tags.definition(CM.tags.propertyName), color: "var(--pico-primary)" },
    { tag: CM.tags.comment, color: "var(--soft)", fontStyle: "italic" },
    { tag: [CM.tags.string, CM.tags.special(CM.tags.string)], color: "var(--open)" },
  ]);

  let timer = 0;
  let asking = null;
  let judging = null;

  const view = new CM.EditorView({
    doc: area.value,
    extensions: [
      CM.lineNumbers(), CM.lintGutter(), CM.history(), CM.drawSelection(), CM.highlightSpecialChars(),
      CM.highlightActiveLine(), CM.highlightActiveLineGutter(), CM.bracketMatching(), CM.search({ top: true }),
      CM.EditorState.phrases.of(JSON.parse(area.dataset.words)), CM.EditorView.domEventHandlers({ beforeinput: replace }),
      CM.indentUnit.of("  "), CM.yaml(), CM.syntaxHighlighting(colours), theme,
      CM.keymap.of([...CM.defaultKeymap, ...CM.historyKeymap, ...CM.searchKeymap, ...CM.lintKeymap]),
      CM.EditorView.contentAttributes.of({
        "aria-label": document.getElementById("text-label").textContent,
        spellcheck: "false",
        tabindex: "0",
      }),
      CM.EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          clearTimeout(timer);
          timer = setTimeout(judge, PATIENCE);
        }
      }),
    ],
    ...inShadow(),
  });

  // What is typed over a selection is put there by the editor. The browser would keep the colour of what goes in a style
  // attribute, which the content security policy refuses, and tells of as an error.
  function replace(event, editor) {
    if (event.inputType !== "insertText" || !event.data || editor.composing || editor.state.selection.main.empty) return false;
    editor.dispatch(editor.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    return true;
  }

  function inShadow() {
    const host = document.createElement("div");
    host.className = "code";
    area.before(host);
    area.hidden = true;
    const root = host.attachShadow({ mode: "open" });
    return { parent: root, root };
  }

  function goTo(number) {
    const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
    view.dispatch({ selection: { anchor: line.from }, effects: CM.EditorView.scrollIntoView(line.from, { y: "center" }) });
    view.focus();
  }

  // The server judges the text as it judges every schedule. Where it does not answer, that is said, and nothing is sent:
  // a page in answer to the form would take the text with it. Whether it answers is what is promised.
  function judge() {
    return (judging = judgement());
  }

  async function judgement() {
    asking?.abort();
    asking = new AbortController();
    const text = view.state.doc;
    area.value = text.toString();
    try {
      const answer = await asked(asking.signal);
      if (answer.ok && view.state.doc === text) show(await answer.json());
      tell(answer.ok ? "" : REFUSED.has(answer.status) ? "signed-out" : "not-answered");
      return answer.ok;
    } catch (error) {
      if (error.name === "AbortError") return judging; // a newer text is being judged
      tell("not-answered");
      return false;
    }
  }

  // Whoever has signed in again in another tab goes on here: the forms then need the token of the new session.
  async function asked(signal) {
    const ask = () => fetch(form.dataset.problems, { method: "POST", body: new FormData(form), signal });
    const answer = await ask();
    if (!REFUSED.has(answer.status)) return answer;
    const page = await fetch(form.action, { redirect: "manual", signal });
    if (!page.ok) return answer;
    const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("input[name=csrf]").value;
    document.querySelectorAll("input[name=csrf]").forEach((field) => (field.value = token));
    return ask();
  }

  function tell(what) {
    for (const each of ["signed-out", "not-answered"]) document.getElementById(each).hidden = each !== what;
    judged.hidden = what !== "";
    if (what === "") return;
    document.getElementById("found").replaceChildren();
    view.dispatch(CM.setDiagnostics(view.state, []));
  }

  function show(found) {
    const marks = [...mark(found.errors, "error"), ...mark(found.warnings, "warning")].sort((a, b) => a.from - b.from);
    view.dispatch(CM.setDiagnostics(view.state, marks));
    const [errors, warnings] = [found.errors.length, found.warnings.length];
    const says = judged.dataset;
    const more = errors && !warnings ? "" : ` ${says.warnings}: ${warnings}.`; // what is wrong is not warned of
    judged.textContent = errors + warnings ? `${says.errors}: ${errors}.${more}` : says.none;
    document.querySelectorAll("[data-while-errors]").forEach((each) => (each.hidden = errors === 0));
    const list = document.createElement("ol");
    list.className = "details";
    list.append(...[...found.errors, ...found.warnings].slice(0, 200).map(entry));
    document.getElementById("found").replaceChildren(list);
  }

  function mark(problems, severity) {
    return problems.map((problem) => {
      const line = view.state.doc.line(Math.max(1, Math.min(problem.line, view.state.doc.lines)));
      return { from: line.from + (line.text.length - line.text.trimStart().length), to: line.to, severity, message: problem.text };
    });
  }

  function entry(problem) {
    const link = document.createElement("a");
    link.href = `#line-${problem.line}`;
    link.dataset.line = problem.line;
    link.textContent = problem.text;
    const item = document.createElement("li");
    item.append(link);
    return item;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-line]");
    if (link) {
      event.preventDefault();
      goTo(Number(link.dataset.line));
    }
  });

  // Only where the browser lets a page copy: at an https address, or on this machine.
  const copy = document.getElementById("copy");
  const copies = copy.textContent;
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(view.state.doc.toString());
    copy.textContent = copy.dataset.done;
  });
  copy.addEventListener("blur", () => (copy.textContent = copies));

  const atFirst = view.state.doc;
  let isSent = false;
  let isHeld = false;
  let mayGo = false;
  // Each form that sends the text: that of the editor and, on an answer, the switch of the language beside it.
  document.addEventListener("submit", async (event) => {
    const sent = event.target;
    const { text, why } = sent.elements;
    if (!text) return;
    text.value = view.state.doc.toString();
    if (why && form.elements.why) why.value = form.elements.why.value;
    if (mayGo) return;
    event.preventDefault();
    if (isHeld) return;
    isHeld = true;
    clearTimeout(timer);
    isSent = mayGo = await judge();
    if (mayGo) sent.requestSubmit(event.submitter);
    isHeld = mayGo = false;
  });
  window.addEventListener("focus", () => {
    if (judged.hidden) judge();
  });
  window.addEventListener("beforeunload", (event) => {
    const isUnsaved = "unsaved" in form.dataset || !view.state.doc.eq(atFirst);
    if (isUnsaved && !isSent) event.preventDefault();
  });
  view.contentDOM.setAttribute("aria-describedby", "judged");
  judge();
})();
