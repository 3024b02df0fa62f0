// Ask the browser for a security key, put its answer into the form and send it.
(() => {
  const form = document.getElementById("key-form");
  if (!form || !window.PublicKeyCredential) return;
  const fault = document.getElementById("key-fault");
  const answer = form.querySelector("input[name=credential]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      const found = await window.webauthnJSON[form.dataset.act](JSON.parse(form.dataset.options));
      answer.value = JSON.stringify(found);
      form.submit();
    } catch {
      fault.hidden = false;
    }
  });
})();
