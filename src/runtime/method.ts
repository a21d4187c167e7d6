/**
 * Methods: the exported functions of a component, by the names that entries use.
 *
 * @module
 */
export { arity, findMethod, isProgram, type Method, methodsOf, programOf } from "../compartment/method.ts";
