// When a run ends, go where it leads: to its article, or to the page that says why there is none.
(() => {
  "use strict";
  const end = document.getElementById("end");
  end.addEventListener("htmx:sseBeforeMessage", (heard) => {
    heard.preventDefault();
    heard.detail.target.close();
    location.replace(JSON.parse(heard.detail.data).to);
  });
  // It may have ended while this page was on its way.
  if (document.querySelector('.stage:is([data-kind="done"], [data-kind="failed"], [data-kind="cancelled"])')) location.reload();
})();
