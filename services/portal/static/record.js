// Speaking instead of typing, where a browser can record: the recording joins the files of the form. The page works
// without it. All words stand in the page.
const longest = 10 * 60 * 1000;

for (const place of document.querySelectorAll("[data-heard-record]")) {
  const field = place.closest("form").querySelector("input[type=file]");
  const button = place.querySelector("button");
  const status = place.querySelector("[role=status]");
  const player = place.querySelector("audio");
  const limit = Number(place.dataset.mostMb) * 1024 * 1024;
  let recorder = null;

  const tooLarge = () => [...field.files].some((file) => file.size > limit);
  field.addEventListener("change", () => {
    status.textContent = tooLarge() ? status.dataset.large : "";
  });

  if (!(navigator.mediaDevices && window.MediaRecorder && window.DataTransfer)) continue;
  button.parentElement.hidden = false;
  const says = button.textContent;

  const join = (file) => {
    const all = new DataTransfer();
    for (const one of field.files) all.items.add(one);
    all.items.add(file);
    field.files = all.files;
  };

  const start = async () => {
    let sound;
    try {
      sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      status.textContent = status.dataset.no;
      return;
    }
    const pieces = [];
    recorder = new MediaRecorder(sound, { audioBitsPerSecond: 32000 });
    recorder.addEventListener("dataavailable", (said) => pieces.push(said.data));
    recorder.addEventListener("stop", () => {
      for (const track of sound.getTracks()) track.stop();
      const kind = recorder.mimeType || "audio/webm";
      const ending = kind.includes("mp4") ? "m4a" : kind.includes("ogg") ? "ogg" : "webm";
      const file = new File(pieces, `recording.${ending}`, { type: kind });
      join(file);
      recorder = null;
      button.textContent = says;
      status.textContent = tooLarge() ? status.dataset.large : status.dataset.recorded;
      player.src = URL.createObjectURL(file);
      player.hidden = false;
    });
    recorder.start();
    setTimeout(() => recorder && recorder.stop(), longest);
    button.textContent = button.dataset.stop;
    status.textContent = status.dataset.recording;
  };

  button.addEventListener("click", () => (recorder ? recorder.stop() : start()));
}
