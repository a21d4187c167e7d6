// A component that fetches: the API of the web, which componentize-js has over wasi:http. Prints what it is answered.
import { getArguments } from "wasi:cli/environment@0.2.3";
import { exit } from "wasi:cli/exit@0.2.3";

async function get(url) {
  const answer = await fetch(url, { headers: { "x-word": "from a guest", accept: "text/plain" } });
  const text = await answer.text();
  console.log(
    answer.status,
    answer.ok,
    answer.headers.get("content-type"),
    answer.headers.get("x-heard"),
    text.trim(),
  );
}

/** A body of so many parts, each made when the one before it was taken. */
function parts(number) {
  const part = new TextEncoder().encode("0123456789".repeat(1000));
  let made = 0;
  return new ReadableStream({
    pull(controller) {
      if (made++ === number) controller.close();
      else controller.enqueue(part);
    },
  });
}

async function put(url, number) {
  const answer = await fetch(url, { method: "PUT", body: parts(Number(number)), duplex: "half" });
  console.log("put", answer.status);
}

async function post(url, number) {
  const headers = { "content-type": "text/x-stream" };
  const answer = await fetch(url, { method: "POST", headers, body: parts(Number(number)), duplex: "half" });
  console.log("post", answer.status, (await answer.text()).trim());
}

/** Reads a large answer part by part, and looks at every 97th byte. */
async function read(url) {
  const answer = await fetch(url);
  let length = 0, at = 0, sum = 0;
  const reader = answer.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    for (; at < length + next.value.length; at += 97) sum += next.value[at - length];
    length += next.value.length;
  }
  console.log("read", length, sum);
}

async function many(url, number) {
  const answers = await Promise.all(Array.from({ length: Number(number) }, (_, i) => fetch(`${url}?${i}`)));
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  console.log("many", texts.filter((text, i) => text.trim() === `query ${i}`).length);
}

async function failing(url) {
  try {
    console.log("no failure", (await fetch(url)).status);
  } catch (error) {
    console.log("failed", error instanceof Error);
  }
}

const COMMANDS = { get, put, post, read, many, failing };

export const run = {
  async run() {
    // Steps, each ended by a comma.
    const steps = getArguments().slice(1).join("\n").split("\n,\n");
    for (const step of steps) {
      const [name, ...words] = step.split("\n");
      await COMMANDS[name](...words);
    }
    // What componentize-js 0.18.5 does after a call has returned frees a second time what its streams have freed: with
    // enough of them it traps, as it does in jco.
    exit({ tag: "ok" });
  },
};
