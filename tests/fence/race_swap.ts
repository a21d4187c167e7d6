/** Swaps a directory and a symbolic link under one name, until its standard input ends. */
const [mount] = Deno.args;
const [name, directory, link] = [`${mount}/swapped`, `${mount}/directory`, `${mount}/link`];
let over = false;
void Deno.stdin.read(new Uint8Array(1)).then(() => over = true);
console.log("swapping");
while (!over) {
  for (let i = 0; i < 1000; i++) {
    Deno.renameSync(directory, name);
    Deno.renameSync(name, directory);
    Deno.renameSync(link, name);
    Deno.renameSync(name, link);
  }
  await new Promise((resolve) => setTimeout(resolve, 0));
}
Deno.exit(0);
