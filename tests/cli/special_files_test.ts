/** What lies in a directory that no guest can open: it is listed, and the rest of the directory with it. */
import assert from "node:assert/strict";
import { airlock, inRepository } from "../support/airlock.ts";
import { project } from "../support/project.ts";

Deno.test({
  name: "a Unix socket in a directory does not end a guest of the preview 1 adapter that lists it",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await project({ "box/file": "text" });
    const { directory } = folder;
    using _socket = Deno.listen({ transport: "unix", path: `${directory}/box/socket` });
    const race = inRepository("tests/guests/race/race.wasm");
    const { code, stdout, stderr } = await airlock([
      ...["exec", race, "--isolation", "inline", "--dir", `${directory}/box::/box`, "--", "all=/box"],
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /file: text\n/);
    assert.match(stdout, /socket/);
  },
});
