// The keys of the desk. Everything they do can be done with the form alone.
const form = document.querySelector("[data-verdict]");
const turn = (rel) => document.querySelector(`.steps-nav a[rel="${rel}"]`)?.click();
if (form) {
  const ticks = [...form.querySelectorAll('input[name="tick"]')];
  const tickAll = () => {
    const on = ticks.some((tick) => !tick.checked);
    ticks.forEach((tick) => { tick.checked = on; });
  };
  const all = form.querySelector("[data-all]");
  all.hidden = false;
  all.addEventListener("click", tickAll);
  const give = (verdict) => form.requestSubmit(form.querySelector(`button[value="${verdict}"]`));
  const keys = {
    a: tickAll, s: () => give("supported"), c: () => give("needs_change"), r: () => give("remove"),
    n: () => form.querySelector("#note").focus(), e: () => form.querySelector("[data-edit]").click(),
    j: () => turn("next"), k: () => turn("prev"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("textarea, select, input:not([type=checkbox])")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const digit = "1234567890".indexOf(event.key);
    const act = digit >= 0 ? () => ticks[digit]?.click() : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
