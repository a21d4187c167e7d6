// Calls other entries, and is called by them: see funcs.wit.
#include <stdlib.h>
#include <string.h>
#include "funcs.h"

// Text

static funcs_string_t copy_of(const uint8_t *bytes, size_t length) {
  uint8_t *copy = malloc(length + 1);
  memcpy(copy, bytes, length);
  return (funcs_string_t){copy, length};
}

static funcs_string_t text_of(const char *text) {
  return (funcs_string_t){(uint8_t *)text, strlen(text)};
}

// What calls

bool exports_funcs_hand(funcs_string_t *target, funcs_string_t *input, funcs_string_t *ret, funcs_string_t *err) {
  return wippy_runtime_funcs_call_string(target, input, ret, err);
}

bool exports_funcs_hand_bytes(funcs_string_t *target, funcs_list_u8_t *input, funcs_list_u8_t *ret,
                              funcs_string_t *err) {
  return wippy_runtime_funcs_call_bytes(target, input, ret, err);
}

bool exports_funcs_chain(funcs_string_t *path, funcs_string_t *ret, funcs_string_t *err) {
  size_t end = 0;
  while (end < path->len && path->ptr[end] != ' ') end++;
  funcs_string_t target = {path->ptr, end};
  const size_t rest = end < path->len ? end + 1 : end;
  funcs_string_t input = {path->ptr + rest, path->len - rest};
  return wippy_runtime_funcs_call_string(&target, &input, ret, err);
}

void exports_funcs_dive(funcs_string_t *target, funcs_string_t *ret) {
  funcs_string_t said, err;
  if (!wippy_runtime_funcs_call_string(target, target, &said, &err)) {
    *ret = err;
    return;
  }
  *ret = (funcs_string_t){malloc(said.len + 1), said.len + 1};
  ret->ptr[0] = '+';
  memcpy(ret->ptr + 1, said.ptr, said.len);
}

bool exports_funcs_bulk(funcs_string_t *target, uint32_t length, uint32_t *ret, funcs_string_t *err) {
  funcs_list_u8_t input = {malloc(length), length}, said;
  if (input.ptr == NULL) abort();
  memset(input.ptr, 'a', length);
  if (!wippy_runtime_funcs_call_bytes(target, &input, &said, err)) return false;
  *ret = said.len;
  for (size_t i = 0; i < said.len; i++) if (said.ptr[i] != 'a') abort();
  return true;
}

uint32_t exports_funcs_often(funcs_string_t *target, uint32_t times) {
  uint32_t failed = 0;
  for (uint32_t i = 0; i < times; i++) {
    funcs_string_t input = text_of(""), said, err;
    if (wippy_runtime_funcs_call_string(target, &input, &said, &err)) {
      funcs_string_free(&said);
    } else {
      failed++;
      funcs_string_free(&err);
    }
  }
  return failed;
}

// What is called

void exports_funcs_echo(funcs_string_t *text, funcs_string_t *ret) { *ret = copy_of(text->ptr, text->len); }

void exports_funcs_echo_bytes(funcs_list_u8_t *bytes, funcs_list_u8_t *ret) {
  funcs_string_t copy = copy_of(bytes->ptr, bytes->len);
  *ret = (funcs_list_u8_t){copy.ptr, copy.len};
}

void exports_funcs_nothing(void) {}

uint32_t exports_funcs_add(uint32_t a, uint32_t b) { return a + b; }

uint64_t exports_funcs_twice(uint64_t n) { return 2 * n; }

void exports_funcs_mirror(funcs_point_t *p, funcs_point_t *ret) {
  *ret = (funcs_point_t){.x = -p->x, .y_axis = p->y_axis};
}

funcs_colour_t exports_funcs_paint(funcs_colour_t c) {
  return c == FUNCS_COLOUR_RED ? FUNCS_COLOUR_LIGHT_GREEN : FUNCS_COLOUR_RED;
}

bool exports_funcs_maybe(funcs_string_t *text, funcs_string_t *ret) {
  if (text->len == 0) return false;
  *ret = copy_of(text->ptr, text->len);
  return true;
}

uint64_t exports_funcs_total(funcs_list_u32_t *numbers) {
  uint64_t sum = 0;
  for (size_t i = 0; i < numbers->len; i++) sum += numbers->ptr[i];
  return sum;
}

bool exports_funcs_fail(funcs_string_t *text, uint32_t *ret, funcs_string_t *err) {
  (void)ret;
  *err = copy_of(text->ptr, text->len);
  return false;
}

bool exports_funcs_fail_at(funcs_point_t *p, funcs_string_t *ret, funcs_point_t *err) {
  (void)ret;
  *err = *p;
  return false;
}

bool exports_funcs_fail_plainly(void) { return false; }

void exports_funcs_trap(void) { __builtin_trap(); }

void exports_funcs_leave(bool well) {
  wasi_cli_exit_result_void_void_t status = {.is_err = !well};
  wasi_cli_exit_exit(&status);
}

void exports_funcs_spin(void) {
  for (volatile uint32_t i = 0;; i++) {}
}

uint32_t exports_funcs_wait(uint32_t ms) {
  wasi_io_poll_own_pollable_t timer = wasi_clocks_monotonic_clock_subscribe_duration(1000000ull * ms);
  wasi_io_poll_method_pollable_block(wasi_io_poll_borrow_pollable(timer));
  wasi_io_poll_pollable_drop_own(timer);
  return ms;
}

// Standard streams

static void print_to(wasi_cli_stdout_own_output_stream_t stream, const funcs_string_t *text) {
  wasi_io_streams_stream_error_t error;
  for (size_t at = 0; at < text->len;) {
    const size_t rest = text->len - at;
    funcs_list_u8_t piece = {text->ptr + at, rest < 4096 ? rest : 4096};
    if (!wasi_io_streams_method_output_stream_blocking_write_and_flush(wasi_io_streams_borrow_output_stream(stream),
                                                                       &piece, &error)) {
      break;
    }
    at += piece.len;
  }
  wasi_io_streams_output_stream_drop_own(stream);
}

static funcs_string_t read_all(void) {
  wasi_cli_stdin_own_input_stream_t in = wasi_cli_stdin_get_stdin();
  wasi_io_streams_stream_error_t error;
  funcs_list_u8_t piece;
  funcs_string_t all = {malloc(1), 0};
  while (wasi_io_streams_method_input_stream_blocking_read(wasi_io_streams_borrow_input_stream(in), 65536, &piece,
                                                           &error)) {
    all.ptr = realloc(all.ptr, all.len + piece.len + 1);
    memcpy(all.ptr + all.len, piece.ptr, piece.len);
    all.len += piece.len;
    funcs_list_u8_free(&piece);
  }
  wasi_io_streams_input_stream_drop_own(in);
  return all;
}

uint32_t exports_funcs_print(funcs_string_t *text) {
  print_to(wasi_cli_stdout_get_stdout(), text);
  print_to(wasi_cli_stderr_get_stderr(), text);
  return read_all().len;
}

bool exports_wasi_cli_run_run(void) {
  funcs_list_string_t args;
  wasi_cli_environment_get_arguments(&args);
  if (args.len < 2) return false;
  funcs_string_t input = args.len > 2 ? args.ptr[2] : read_all(), said, err;
  const bool well = wippy_runtime_funcs_call_string(&args.ptr[1], &input, &said, &err);
  if (well) print_to(wasi_cli_stdout_get_stdout(), &said);
  else print_to(wasi_cli_stderr_get_stderr(), &err);
  return well;
}

// Requests

void exports_wasi_http_incoming_handler_handle(exports_wasi_http_incoming_handler_own_incoming_request_t request,
                                               exports_wasi_http_incoming_handler_own_response_outparam_t out) {
  funcs_string_t path = text_of(""), target = text_of("echo"), said, err;
  wasi_http_types_method_incoming_request_path_with_query(wasi_http_types_borrow_incoming_request(request), &path);
  const bool well = wippy_runtime_funcs_call_string(&target, &path, &said, &err);
  wasi_http_types_own_outgoing_response_t response =
      wasi_http_types_constructor_outgoing_response(wasi_http_types_constructor_fields());
  wasi_http_types_method_outgoing_response_set_status_code(wasi_http_types_borrow_outgoing_response(response),
                                                           well ? 200 : 502);
  wasi_http_types_own_outgoing_body_t body;
  wasi_http_types_method_outgoing_response_body(wasi_http_types_borrow_outgoing_response(response), &body);
  wasi_http_types_result_own_outgoing_response_error_code_t result = {.is_err = false, .val.ok = response};
  wasi_http_types_static_response_outparam_set(out, &result);
  wasi_http_types_own_output_stream_t stream;
  wasi_http_types_method_outgoing_body_write(wasi_http_types_borrow_outgoing_body(body), &stream);
  print_to(stream, well ? &said : &err);
  wasi_http_types_error_code_t code;
  wasi_http_types_static_outgoing_body_finish(body, NULL, &code);
  wasi_http_types_incoming_request_drop_own(request);
}
