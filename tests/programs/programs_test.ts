/** Programs that nobody here wrote do real work on real files, from the command line. */
import assert from "node:assert/strict";
import { airlock, assertOutcome, type Outcome } from "../support/airlock.ts";
import { project } from "../support/project.ts";
import { componentOf, publishedOf, Unreachable } from "./fetch.ts";
import { boolector, flite, pandoc, type Program, python, resvg, reverse } from "./programs.ts";

/** A program as it was published, which is for preview 1, or made a component by the official adapter. */
type Form = "as published" | "as a component";

/** A piece of work: `at` is a directory with the files; `exec` runs the program there. */
interface Work {
  readonly program: Program;
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** By default both. */
  readonly forms?: readonly Form[];
  readonly test: (
    at: string,
    exec: (options: readonly string[], stdin?: string) => Promise<Outcome>,
    form: Form,
  ) => Promise<void>;
}

const MARKDOWN = `# Airlock

Some *emphasis* and \`code\`, with ünïcödé.

1.  one
2.  two
`;

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="32">
  <rect width="64" height="32" fill="#ff0000"/><circle cx="16" cy="16" r="8" fill="blue"/>
</svg>`;

/** 119 = x · y, 1 < x < y. */
const EQUATION = `(set-logic QF_BV)
(set-option :produce-models true)
(declare-fun x () (_ BitVec 8))
(declare-fun y () (_ BitVec 8))
(assert (= (bvmul ((_ zero_extend 8) x) ((_ zero_extend 8) y)) #x0077))
(assert (bvult #x01 x))
(assert (bvult x y))
(check-sat)
(get-value (x y))
`;

const CREATE = `import csv, sqlite3
base = sqlite3.connect('/box/base.sqlite')
base.execute('create table person (name text primary key, born integer)')
with open('/in/people.csv', encoding='utf-8') as file:
    base.executemany('insert into person values (?, ?)', csv.reader(file))
base.commit()
try:
    base.execute("insert into person values ('Ada', 1)")
except sqlite3.IntegrityError as error:
    print(error)
base.rollback()
`;

const QUERY = `import sqlite3, sys
base = sqlite3.connect('/box/base.sqlite')
for row in base.execute('select name, born from person where born > ? order by born', (int(sys.argv[1]),)):
    print(*row)
print(base.execute('pragma integrity_check').fetchone()[0])
`;

const FILES = `import bz2, gzip, os, pathlib, shutil, sys, tarfile, time, zipfile
root = pathlib.Path('/box')
text = pathlib.Path('/in/files.py').read_bytes() * 100
for kind in (bz2, gzip):
    with kind.open(root / 'packed', 'wb') as file:
        file.write(text)
    with kind.open(root / 'packed', 'rb') as file:
        print(kind.__name__, file.read() == text, os.stat('/box/packed').st_size < len(text) // 10)
(root / 'a' / 'b').mkdir(parents=True)
(root / 'a' / 'b' / 'f.txt').write_text('häl\\n' * 3)
os.rename('/box/a/b/f.txt', '/box/a/g.txt')
print(sorted(map(str, root.rglob('*'))))
with zipfile.ZipFile('/box/a.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.write('/box/a/g.txt', 'g.txt')
with tarfile.open('/box/a.tgz', 'w:gz') as archive:
    archive.add('/box/a', 'a')
print(zipfile.ZipFile('/box/a.zip').read('g.txt').decode().split(), tarfile.open('/box/a.tgz').getnames())
for path in ('/in/new', '/box/a', '/box/../secret'):
    try:
        open(path, 'w')
    except OSError as error:
        print(error)
start = time.monotonic()
time.sleep(0.05)
print(time.monotonic() - start >= 0.05, len(os.urandom(100000)), os.environ['WORD'], sys.stdin.read())
shutil.rmtree('/box/a')
print(sorted(os.listdir('/box')))
`;

const WORKS: readonly Work[] = [
  {
    program: pandoc,
    title: "makes a Word document of Markdown, and Markdown of it again",
    files: { "in/text.md": MARKDOWN, "out/.keep": "" },
    async test(at, exec) {
      const dirs = ["--dir", `${at}/out::/`, "--dir", `${at}/in::/in:ro`];
      assertOutcome(await exec([...dirs, "--", "/in/text.md", "-o", "/text.docx"]), {});
      const document = await Deno.readFile(`${at}/out/text.docx`);
      assert.deepEqual([...document.subarray(0, 4)], [0x50, 0x4b, 3, 4], "a ZIP archive");
      assertOutcome(await exec([...dirs, "--", "/text.docx", "-t", "markdown"]), { stdout: MARKDOWN });
    },
  },
  {
    program: pandoc,
    title: "is refused what it may only read",
    files: { "in/text.md": MARKDOWN },
    async test(at, exec) {
      const outcome = await exec(["--dir", `${at}/in::/in:ro`, "--", "/in/text.md", "-o", "/in/text.html"]);
      assertOutcome(outcome, { code: 1, stderr: /\/in\/text\.html: .*Read-only file system/ });
      assert.deepEqual([...Deno.readDirSync(`${at}/in`)].map(({ name }) => name), ["text.md"]);
    },
  },
  {
    program: flite,
    title: "speaks two words into a WAV file",
    files: {},
    async test(at, exec) {
      // More words trip over an assertion of the adapter, as they do in Wasmtime.
      assertOutcome(
        await exec(["--dir", `${at}::/box`, "--", "-t", "hello world", "-o", "/box/a.wav"]),
        {},
      );
      const sound = await Deno.readFile(`${at}/a.wav`);
      const text = (from: number) => new TextDecoder().decode(sound.subarray(from, from + 4));
      const view = new DataView(sound.buffer);
      assert.deepEqual([text(0), text(8), text(12), text(36)], ["RIFF", "WAVE", "fmt ", "data"]);
      assert.equal(view.getUint32(4, true), sound.length - 8);
      assert.ok(sound.length > 10_000, "half a second at least");
      assert.ok(sound.subarray(44).some((byte) => byte !== 0), "not silent");
    },
  },
  {
    program: flite,
    title: "speaks as long as it is asked to",
    forms: ["as published"],
    files: {},
    async test(at, exec) {
      const text = "One text is as good as another, as long as it is long. ".repeat(4);
      assertOutcome(await exec(["--dir", `${at}::/box`, "--", "-t", text, "-o", "/box/a.wav"]), {});
      assert.ok((await Deno.stat(`${at}/a.wav`)).size > 150_000, "ten seconds of sound");
    },
  },
  {
    program: reverse,
    title: "writes its input backwards",
    files: {},
    async test(_, exec) {
      assertOutcome(await exec([], "able was I ere I saw elbe\n"), {
        stdout: "\neble was I ere I saw elba\n",
      });
    },
  },
  {
    program: python,
    title: "fills an SQLite database from a CSV file, and queries it in a second run",
    files: {
      "in/create.py": CREATE,
      "in/query.py": QUERY,
      "in/people.csv": "Ada,1815\nGrace,1906\nZoë,1990\n",
      "box/.keep": "",
    },
    async test(at, exec) {
      const dirs = ["--dir", `${at}/in::/in:ro`, "--dir", `${at}/box::/box`];
      assertOutcome(await exec([...dirs, "--", "/in/create.py"]), {
        stdout: "UNIQUE constraint failed: person.name\n",
      });
      const head = (await Deno.readFile(`${at}/box/base.sqlite`)).subarray(0, 15);
      assert.equal(new TextDecoder().decode(head), "SQLite format 3");
      assertOutcome(await exec([...dirs, "--", "/in/query.py", "1900"]), {
        stdout: "Grace 1906\nZoë 1990\nok\n",
      });
    },
  },
  {
    program: python,
    title: "compresses, archives, moves, walks and removes files",
    files: { "in/files.py": FILES, "box/.keep": "" },
    async test(at, exec) {
      const options = ["--dir", `${at}/in::/in:ro`, "--dir", `${at}/box::/box`, "--env", "WORD=ünï"];
      assertOutcome(await exec([...options, "--", "/in/files.py"], "from stdin"), {
        stdout: `\
bz2 True True
gzip True True
['/box/.keep', '/box/a', '/box/a/b', '/box/a/g.txt', '/box/packed']
['häl', 'häl', 'häl'] ['a', 'a/b', 'a/g.txt']
[Errno 69] Read-only file system: '/in/new'
[Errno 31] Is a directory: '/box/a'
[Errno 63] Operation not permitted: '/box/../secret'
True 100000 ünï from stdin
['.keep', 'a.tgz', 'a.zip', 'packed']
`,
      });
    },
  },
  {
    program: python,
    title: "ends with 1 and a traceback where a script fails",
    files: {},
    async test(_, exec) {
      const outcome = await exec(["--", "-"], "print('before', flush=True)\n1 / 0\n");
      assertOutcome(outcome, {
        code: 1,
        stdout: "before\n",
        stderr: /ZeroDivisionError: division by zero\n$/,
      });
    },
  },
  {
    program: resvg,
    title: "draws an SVG as a PNG",
    files: { "drawing.svg": SVG },
    async test(at, exec) {
      const words = ["--width", "128", "/box/drawing.svg", "/box/drawing.png"];
      assertOutcome(await exec(["--dir", `${at}::/box`, "--", ...words]), {});
      const picture = await Deno.readFile(`${at}/drawing.png`);
      const view = new DataView(picture.buffer);
      assert.deepEqual([...picture.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      assert.deepEqual([view.getUint32(16), view.getUint32(20)], [128, 64]);
    },
  },
  {
    program: boolector,
    title: "solves an equation",
    files: { "equation.smt2": EQUATION },
    async test(at, exec, form) {
      // It says by its exit code, 10, that there is a solution; of codes that are not 0 the adapter makes 1.
      assertOutcome(await exec(["--dir", `${at}::/box:ro`, "--", "/box/equation.smt2"]), {
        stdout: "sat\n(\n (x #b00000111)\n (y #b00010001)\n)\n",
        code: form === "as published" ? 10 : 1,
      });
    },
  },
];

const FORMS: readonly (readonly [Form, (program: Program) => Promise<string>])[] = [
  ["as published", publishedOf],
  ["as a component", componentOf],
];

// All at once, before the tests: what cannot be fetched is skipped, and said to be.
const ready = new Map(
  await Promise.all(
    [...new Set(WORKS.map(({ program }) => program))].map(async (program) => {
      try {
        const files = new Map<Form, string>();
        for (const [form, fileOf] of FORMS) files.set(form, await fileOf(program));
        return [program, files] as const;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        console.log(`skipped: ${program.name}: ${error.message}`);
        return [program, undefined] as const;
      }
    }),
  ),
);

for (const { program, title, files, forms, test } of WORKS) {
  const made = ready.get(program);
  for (const form of forms ?? FORMS.map(([form]) => form)) {
    Deno.test({ name: `${program.name}, ${form}, ${title}`, ignore: made === undefined }, async () => {
      await using folder = await project(files);
      await test(
        folder.directory,
        (options, stdin = "") => airlock(["exec", made!.get(form)!, ...options], { stdin }),
        form,
      );
    });
  }
}
