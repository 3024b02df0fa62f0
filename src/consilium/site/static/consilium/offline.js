// Say that the network is gone, and that nothing is lost by it.
(() => {
  "use strict";
  const bar = document.getElementById("offline");
  const tell = () => { bar.hidden = navigator.onLine; };
  addEventListener("offline", tell);
  addEventListener("online", tell);
  tell();
})();
