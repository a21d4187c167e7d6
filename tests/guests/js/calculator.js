export function add(a, b) {
  return a + b;
}

export function multiply(a, b) {
  return Math.imul(a, b);
}

export function greet(name) {
  return `Hello, ${name}!`;
}
