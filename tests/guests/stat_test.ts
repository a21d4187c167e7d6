/** What stat() tells, and the setting of times. */
import assert from "node:assert/strict";
import { assertOutcome } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { exec, unix } from "./run.ts";

Deno.test({ name: "stat() tells kind, size, links and times", ignore: !unix }, async () => {
  await using folder = await project({ "file": "12345", "empty": "", "below/inner": "" });
  const { directory } = folder;
  await Deno.link(`${directory}/file`, `${directory}/hard`);
  await Deno.symlink("file", `${directory}/link`);
  const accessed = new Date(1_600_000_000_250), modified = new Date(1_700_000_000_125);
  for (const name of ["file", "empty", "below"]) await Deno.utime(`${directory}/${name}`, accessed, modified);
  const times = "modified 1700000000.125000000, accessed 1600000000.250000000";
  const size = (await Deno.stat(`${directory}/below`)).size;
  const { stdout } = await exec("stat", [
    "show",
    "/w/file",
    "/w/hard",
    "/w/empty",
    "/w/below",
    "/w/link",
    "/w/none",
  ], {
    dirs: [`${directory}::/w`],
  });
  assert.equal(
    stdout.replace(/(link, .*)modified.*/, "$1"),
    `/w/file: file, 5 bytes, 2 links, ${times}
/w/hard: file, 5 bytes, 2 links, ${times}
/w/empty: file, 0 bytes, 1 links, ${times}
/w/below: directory, ${size} bytes, 2 links, ${times}
/w/link: link, 4 bytes, 1 links,\u0020
/w/none: ENOENT
`,
  );
});

Deno.test({ name: "times are set, to the millisecond that Deno keeps", ignore: !unix }, async () => {
  await using folder = await project({});
  const { directory } = folder;
  const outcome = await exec("stat", ["times", "/box"], {
    dirs: [`${directory}::/box`],
    // It makes links, which Deno lets only processes do that may read and write everything.
    options: ["--isolation", "inline"],
  });
  const stdout = outcome.stdout.replace(/directory, \d+ bytes, \d+ links/, "directory");
  assertOutcome({ ...outcome, stdout }, {
    stdout: `\
set: ok
file: file, 0 bytes, 1 links, modified 1500000000.987000000, accessed 1000000000.123000000
set of an open file: ok
file: file, 0 bytes, 1 links, modified 1600000000.001000000, accessed 7.000000000
set of a directory: ok
.: directory, modified 1200000000.005000000, accessed 1200000000.005000000
set through a link: ok
file: file, 0 bytes, 1 links, modified 1200000000.005000000, accessed 1200000000.005000000
set of a link: ok
link: link, 4 bytes, 1 links, modified 1300000000.005000000, accessed 1300000000.005000000
file: file, 0 bytes, 1 links, modified 1200000000.005000000, accessed 1200000000.005000000
set of nothing: ENOENT
a write modifies: 1
`,
  });
});

Deno.test("a pipe is no terminal", async () => {
  assertOutcome(await exec("stat", ["streams"], { stdin: "" }), {
    stdout: "stream 0: no terminal\nstream 1: no terminal\nstream 2: no terminal\n",
  });
});
