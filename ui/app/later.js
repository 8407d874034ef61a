// The interface's later part. The first part asks for it once the first picture is painted (ui/app/src/later.rs); both are one
// program, so the later part is given what the first one exports: memory, table, shared functions.

let first;

// Hands over what the first part exports.
export function join(exports) {
  first = exports;
}

// Called by the first part: loads the later one, and calls back whether it is there.
export async function __wasm_split_load_later(callback, data) {
  let loaded = true;
  try {
    const response = fetch(new URL("app_later.wasm", import.meta.url));
    await dress();
    await WebAssembly.instantiateStreaming(response, { __wasm_split: first });
  } catch (error) {
    console.error(error);
    loaded = false;
  }
  first.__indirect_function_table.get(callback)(data, loaded);
}

// Loads the later part's style sheet: nothing of it is to be seen undressed. One that does not load holds nobody up.
function dress() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("later.css", import.meta.url).href;
  return new Promise((done) => {
    sheet.onload = sheet.onerror = done;
    document.head.append(sheet);
  });
}
