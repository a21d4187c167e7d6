/** Loaded before the examples of the documentation run: there `console.assert` is what makes one fail. */
console.assert = (condition, ...words) => {
  if (!condition) throw new Error(["Assertion failed", ...words].join(" "));
};
