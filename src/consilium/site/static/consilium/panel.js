// Open a citation beside the article; without this file the link leads to a page of its own.
(() => {
  "use strict";
  const panel = document.getElementById("panel");
  let opener = null;

  const close = () => {
    if (panel.hidden) return;
    panel.hidden = true;
    panel.replaceChildren();
    opener?.removeAttribute("aria-current");
    opener?.focus();
  };

  document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target !== panel) return;
    opener?.removeAttribute("aria-current");
    opener = detail.elt;
  });
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== panel) return;
    opener?.setAttribute("aria-current", "true");
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.querySelector("h2").focus();
  });
  for (const failed of ["htmx:responseError", "htmx:sendError"]) {
    document.body.addEventListener(failed, () => opener && location.assign(opener.href));
  }
  // A click that asks for a tab of its own is the browser's business.
  document.addEventListener("click", (click) => {
    const own = click.ctrlKey || click.metaKey || click.shiftKey;
    if (own && click.target.closest("a[hx-get]")) click.stopImmediatePropagation();
  }, true);
  panel.addEventListener("click", (click) => {
    if (!click.target.closest("[data-close]")) return;
    click.preventDefault();
    close();
  });
  document.addEventListener("keydown", (key) => key.key === "Escape" && close());

  const print = document.getElementById("print");
  const share = document.getElementById("share");
  print.hidden = share.hidden = false;
  print.addEventListener("click", () => window.print());
  share.addEventListener("click", async () => {
    const address = location.origin + location.pathname;
    try {
      if (navigator.share) await navigator.share({ title: document.title, url: address });
      else {
        await navigator.clipboard.writeText(address);
        share.textContent = "Link copied";
      }
    } catch {
      share.textContent = "Copy the address above";
    }
  });
})();
