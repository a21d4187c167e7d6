// A component of the world wasi:http/proxy: each path is one thing that a handler of requests may do, well or badly.
#include <stdlib.h>
#include <string.h>
#include "proxy.h"

typedef wasi_http_types_own_response_outparam_t outparam;
typedef wasi_http_types_own_outgoing_response_t own_response;
typedef wasi_http_types_own_outgoing_body_t own_body;
typedef wasi_io_streams_own_output_stream_t own_output;
typedef wasi_io_streams_own_input_stream_t own_input;
typedef wasi_io_streams_stream_error_t stream_error;
typedef wasi_http_types_error_code_t error_code;

static wasi_http_types_own_incoming_request_t request;
static outparam out;
static char *path;      // without its query
static char *query;     // "" where there is none
static int visits = 0;  // of this instance

// Text

static void number(uint64_t value, char *text) {
  char digits[21];
  int count = 0;
  do digits[count++] = '0' + value % 10; while ((value /= 10) > 0);
  while (count > 0) *text++ = digits[--count];
  *text = 0;
}

static uint64_t parse(const char *text) {
  uint64_t value = 0;
  while (*text >= '0' && *text <= '9') value = value * 10 + (*text++ - '0');
  return value;
}

// `name=value` of the query, as a number.
static uint64_t parameter(const char *name, uint64_t otherwise) {
  const size_t length = strlen(name);
  for (const char *at = query; *at; at++) {
    if ((at == query || at[-1] == '&') && strncmp(at, name, length) == 0 && at[length] == '=') {
      return parse(at + length + 1);
    }
  }
  return otherwise;
}

static proxy_string_t text_of(const char *text) {
  return (proxy_string_t){(uint8_t *)text, strlen(text)};
}

// Text that grows.
static char *page = NULL;
static size_t page_length = 0;

static void add_bytes(const uint8_t *bytes, size_t length) {
  page = realloc(page, page_length + length + 1);
  memcpy(page + page_length, bytes, length);
  page_length += length;
  page[page_length] = 0;
}

static void add(const char *text) { add_bytes((const uint8_t *)text, strlen(text)); }

static void add_number(uint64_t value) {
  char digits[21];
  number(value, digits);
  add(digits);
}

static const char *code_name(const error_code *code) {
  switch (code->tag) {
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_BODY_SIZE: return "HTTP-request-body-size";
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_RESPONSE_BODY_SIZE: return "HTTP-response-body-size";
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_PROTOCOL_ERROR: return "HTTP-protocol-error";
    case WASI_HTTP_TYPES_ERROR_CODE_CONNECTION_TERMINATED: return "connection-terminated";
    case WASI_HTTP_TYPES_ERROR_CODE_CONNECTION_READ_TIMEOUT: return "connection-read-timeout";
    case WASI_HTTP_TYPES_ERROR_CODE_INTERNAL_ERROR: return "internal-error";
    default: return "another error-code";
  }
}

static const char *error_name(stream_error *error) {
  if (error->tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED) return "closed";
  error_code code;
  if (!wasi_http_types_http_error_code(wasi_io_error_borrow_error(error->val.last_operation_failed), &code)) {
    return "an error of no HTTP body";
  }
  return code_name(&code);
}

static const char *header_error_name(wasi_http_types_header_error_t error) {
  static const char *const NAMES[] = {"invalid-syntax", "forbidden", "immutable"};
  return NAMES[error.tag];
}

// Waiting

static void wait_for(wasi_io_poll_own_pollable_t pollable) {
  wasi_io_poll_method_pollable_block(wasi_io_poll_borrow_pollable(pollable));
  wasi_io_poll_pollable_drop_own(pollable);
}

static void sleep_ms(uint64_t ms) {
  wait_for(wasi_clocks_monotonic_clock_subscribe_duration(ms * 1000000));
}

// What a log shows of a request.
static void say(own_output to, const char *text) {
  proxy_list_u8_t bytes = {(uint8_t *)text, strlen(text)};
  stream_error error;
  wasi_io_streams_method_output_stream_blocking_write_and_flush(wasi_io_streams_borrow_output_stream(to), &bytes, &error);
  wasi_io_streams_output_stream_drop_own(to);
}

static void note(const char *what, const char *detail) {
  char line[200];
  strcpy(line, what);
  strcat(line, detail);
  strcat(line, "\n");
  say(wasi_cli_stderr_get_stderr(), line);
}

// Answering

static void set_field(wasi_http_types_own_fields_t fields, const char *name, const char *value) {
  wasi_http_types_field_name_t field = text_of(name);
  wasi_http_types_field_value_t bytes = {(uint8_t *)value, strlen(value)};
  wasi_http_types_header_error_t error;
  if (!wasi_http_types_method_fields_append(wasi_http_types_borrow_fields(fields), &field, &bytes, &error)) {
    note("append: ", header_error_name(error));
  }
}

static own_response response_of(uint16_t status, wasi_http_types_own_fields_t fields) {
  own_response response = wasi_http_types_constructor_outgoing_response(fields);
  if (!wasi_http_types_method_outgoing_response_set_status_code(wasi_http_types_borrow_outgoing_response(response),
                                                                status)) {
    __builtin_trap();
  }
  return response;
}

static own_body body_of(own_response response) {
  own_body body;
  if (!wasi_http_types_method_outgoing_response_body(wasi_http_types_borrow_outgoing_response(response), &body)) {
    __builtin_trap();
  }
  return body;
}

static own_output output_of(own_body body) {
  own_output output;
  if (!wasi_http_types_method_outgoing_body_write(wasi_http_types_borrow_outgoing_body(body), &output)) {
    __builtin_trap();
  }
  return output;
}

static void set_ok(own_response response) {
  wasi_http_types_result_own_outgoing_response_error_code_t result = {.is_err = false, .val.ok = response};
  wasi_http_types_static_response_outparam_set(out, &result);
}

static void set_err(uint8_t tag) {
  wasi_http_types_result_own_outgoing_response_error_code_t result = {.is_err = true};
  memset(&result.val.err, 0, sizeof result.val.err);
  result.val.err.tag = tag;
  wasi_http_types_static_response_outparam_set(out, &result);
}

// Writes all of it, in pieces of the size that the stream allows.
static bool write_all(own_output output, const uint8_t *bytes, size_t length, stream_error *error) {
  wasi_io_streams_borrow_output_stream_t stream = wasi_io_streams_borrow_output_stream(output);
  while (length > 0) {
    uint64_t room;
    if (!wasi_io_streams_method_output_stream_check_write(stream, &room, error)) return false;
    if (room == 0) {
      wait_for(wasi_io_streams_method_output_stream_subscribe(stream));
      continue;
    }
    size_t count = length < room ? length : room;
    proxy_list_u8_t piece = {(uint8_t *)bytes, count};
    if (!wasi_io_streams_method_output_stream_write(stream, &piece, error)) return false;
    bytes += count;
    length -= count;
  }
  return true;
}

static bool finish(own_body body, own_output output, wasi_http_types_own_trailers_t *trailers) {
  wasi_io_streams_output_stream_drop_own(output);
  error_code error;
  if (wasi_http_types_static_outgoing_body_finish(body, trailers, &error)) return true;
  note("finish: ", code_name(&error));
  return false;
}

static void answer_with(own_response response, const char *text) {
  own_body body = body_of(response);
  own_output output = output_of(body);
  set_ok(response);
  stream_error error;
  if (!write_all(output, (const uint8_t *)text, strlen(text), &error)) note("write: ", error_name(&error));
  finish(body, output, NULL);
}

static void answer(uint16_t status, const char *text) {
  wasi_http_types_own_fields_t fields = wasi_http_types_constructor_fields();
  char length[21];
  number(strlen(text), length);
  set_field(fields, "content-type", "text/plain");
  set_field(fields, "content-length", length);
  answer_with(response_of(status, fields), text);
}

// A response with this content-length, and its body.
static own_body declare(const char *length, own_output *output) {
  wasi_http_types_own_fields_t fields = wasi_http_types_constructor_fields();
  if (length) set_field(fields, "content-length", length);
  own_response response = response_of(200, fields);
  own_body body = body_of(response);
  *output = output_of(body);
  set_ok(response);
  return body;
}

// Reading

static bool consume(wasi_http_types_own_incoming_body_t *body, own_input *input) {
  if (!wasi_http_types_method_incoming_request_consume(wasi_http_types_borrow_incoming_request(request), body)) {
    return false;
  }
  return wasi_http_types_method_incoming_body_stream(wasi_http_types_borrow_incoming_body(*body), input);
}

// The paths

static void hello(void) { answer(200, "hello, world\n"); }

static void count(void) {
  char text[21];
  number(++visits, text);
  answer(200, text);
}

// The body of the request, as it comes.
static void echo(void) {
  wasi_http_types_own_incoming_body_t from;
  own_input input;
  own_output output;
  if (!consume(&from, &input)) __builtin_trap();
  own_body body = declare(NULL, &output);
  stream_error error;
  for (;;) {
    proxy_list_u8_t bytes;
    if (!wasi_io_streams_method_input_stream_blocking_read(wasi_io_streams_borrow_input_stream(input), 65536, &bytes,
                                                           &error)) {
      if (error.tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED) break;
      note("echo read: ", error_name(&error));
      return;
    }
    bool written = write_all(output, bytes.ptr, bytes.len, &error);
    proxy_list_u8_free(&bytes);
    if (!written) {
      note("echo write: ", error_name(&error));
      return;
    }
  }
  finish(body, output, NULL);
}

// Moves the body of the request without looking at it.
static void splice(void) {
  wasi_http_types_own_incoming_body_t from;
  own_input input;
  own_output output;
  if (!consume(&from, &input)) __builtin_trap();
  own_body body = declare(NULL, &output);
  stream_error error;
  uint64_t moved;
  while (wasi_io_streams_method_output_stream_blocking_splice(
      wasi_io_streams_borrow_output_stream(output), wasi_io_streams_borrow_input_stream(input), 1 << 20, &moved, &error));
  finish(body, output, NULL);
}

// Reads all of it, then says how much that was.
static void upload(void) {
  wasi_http_types_own_incoming_body_t body;
  own_input input;
  if (!consume(&body, &input)) __builtin_trap();
  stream_error error;
  uint64_t total = 0;
  const uint64_t wait = parameter("wait", 0);
  for (;;) {
    proxy_list_u8_t bytes;
    if (!wasi_io_streams_method_input_stream_blocking_read(wasi_io_streams_borrow_input_stream(input), 65536, &bytes,
                                                           &error)) {
      break;
    }
    total += bytes.len;
    proxy_list_u8_free(&bytes);
    if (wait > 0) sleep_ms(wait);
  }
  const bool ended = error.tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED;
  add_number(total);
  add(ended ? "" : " and then ");
  add(ended ? "" : error_name(&error));
  if (!ended) note("upload: ", page);
  if (!ended && parameter("fail", 0)) set_err(WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_BODY_SIZE);
  else answer(200, page);
}

static void headers(void) {
  static const char *const METHODS[] = {"get", "head", "post", "put", "delete", "connect", "options", "trace", "patch"};
  wasi_http_types_borrow_incoming_request_t self = wasi_http_types_borrow_incoming_request(request);
  wasi_http_types_method_t method;
  wasi_http_types_method_incoming_request_method(self, &method);
  if (method.tag == WASI_HTTP_TYPES_METHOD_OTHER) {
    add("other ");
    add_bytes(method.val.other.ptr, method.val.other.len);
  } else {
    add(METHODS[method.tag]);
  }
  add("\n");
  wasi_http_types_scheme_t scheme;
  bool some = wasi_http_types_method_incoming_request_scheme(self, &scheme);
  add(!some ? "no scheme" : scheme.tag == WASI_HTTP_TYPES_SCHEME_HTTP ? "HTTP" : "another scheme");
  add("\n");
  proxy_string_t text;
  if (wasi_http_types_method_incoming_request_authority(self, &text)) add_bytes(text.ptr, text.len);
  else add("no authority");
  add("\n");
  if (wasi_http_types_method_incoming_request_path_with_query(self, &text)) add_bytes(text.ptr, text.len);
  else add("no path");
  add("\n");
  wasi_http_types_own_headers_t fields = wasi_http_types_method_incoming_request_headers(self);
  wasi_http_types_list_tuple2_field_name_field_value_t entries;
  wasi_http_types_method_fields_entries(wasi_http_types_borrow_fields(fields), &entries);
  for (size_t i = 0; i < entries.len; i++) {
    add_bytes(entries.ptr[i].f0.ptr, entries.ptr[i].f0.len);
    add(": ");
    add_bytes(entries.ptr[i].f1.ptr, entries.ptr[i].f1.len);
    add("\n");
  }
  wasi_http_types_field_name_t name = text_of("x-own");
  wasi_http_types_field_value_t value = {(uint8_t *)"1", 1};
  wasi_http_types_header_error_t error;
  bool changed = wasi_http_types_method_fields_append(wasi_http_types_borrow_fields(fields), &name, &value, &error);
  add("append: ");
  add(changed ? "ok" : header_error_name(error));
  add("\nconsume: ");
  wasi_http_types_own_incoming_body_t body;
  add(wasi_http_types_method_incoming_request_consume(self, &body) ? "ok" : "err");
  add(", ");
  add(wasi_http_types_method_incoming_request_consume(self, &body) ? "ok" : "err");
  add("\n");
  answer(200, page);
}

// What a handler may not say of itself.
static void forbidden(void) {
  static const char *const NAMES[] = {"connection", "keep-alive", "transfer-encoding", "upgrade", "host", "Connection",
                                      "x y", "x-ok"};
  wasi_http_types_own_fields_t fields = wasi_http_types_constructor_fields();
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    wasi_http_types_field_name_t name = text_of(NAMES[i]);
    wasi_http_types_field_value_t value = {(uint8_t *)"close", 5};
    wasi_http_types_header_error_t error;
    bool ok = wasi_http_types_method_fields_append(wasi_http_types_borrow_fields(fields), &name, &value, &error);
    add(NAMES[i]);
    add(": ");
    add(ok ? "ok" : header_error_name(error));
    add("\n");
  }
  wasi_http_types_field_name_t name = text_of("x-split");
  wasi_http_types_field_value_t value = {(uint8_t *)"a\r\nset-cookie: b", 16};
  wasi_http_types_header_error_t error;
  bool ok = wasi_http_types_method_fields_append(wasi_http_types_borrow_fields(fields), &name, &value, &error);
  add("x-split: ");
  add(ok ? "ok" : header_error_name(error));
  add("\n");
  answer_with(response_of(200, fields), page);
}

// Names in their casing, twice the same, and bytes that are no ASCII.
static void fields(void) {
  wasi_http_types_own_fields_t fields = wasi_http_types_constructor_fields();
  set_field(fields, "X-Casing", "one");
  set_field(fields, "x-casing", "two");
  set_field(fields, "X-Bytes", "\xff\x80 \xc3\xa9");
  set_field(fields, "Set-Cookie", "a=1");
  set_field(fields, "Set-Cookie", "b=2");
  set_field(fields, "Server", "guest");
  own_response response = response_of(200, fields);
  wasi_http_types_own_headers_t headers =
      wasi_http_types_method_outgoing_response_headers(wasi_http_types_borrow_outgoing_response(response));
  wasi_http_types_field_name_t name = text_of("x-late");
  wasi_http_types_field_value_t value = {(uint8_t *)"1", 1};
  wasi_http_types_header_error_t error;
  if (!wasi_http_types_method_fields_append(wasi_http_types_borrow_fields(headers), &name, &value, &error)) {
    add(header_error_name(error));
  }
  wasi_http_types_fields_drop_own(headers);
  answer_with(response, page ? page : "ok");
}

static void status(void) {
  const uint16_t code = parse(path + strlen("/status/"));
  own_response response = wasi_http_types_constructor_outgoing_response(wasi_http_types_constructor_fields());
  if (!wasi_http_types_method_outgoing_response_set_status_code(wasi_http_types_borrow_outgoing_response(response),
                                                                code)) {
    answer(400, "set-status-code: err\n");
    return;
  }
  answer_with(response, "status\n");
}

static void big(void) {
  static uint8_t block[65536];
  for (size_t i = 0; i < sizeof block; i++) block[i] = i % 251;
  uint64_t left = parameter("bytes", 0);
  own_output output;
  own_body body = declare(NULL, &output);
  stream_error error;
  while (left > 0) {
    size_t length = left < sizeof block ? left : sizeof block;
    if (!write_all(output, block, length, &error)) {
      note("big: ", error_name(&error));
      return;
    }
    left -= length;
  }
  finish(body, output, NULL);
}

// A line at a time, with pauses.
static void drip(void) {
  const uint64_t lines = parameter("lines", 3), ms = parameter("ms", 0);
  own_output output;
  own_body body = declare(NULL, &output);
  for (uint64_t i = 0; i < lines; i++) {
    if (i > 0) sleep_ms(ms);
    char line[32] = "line ";
    number(i, line + 5);
    strcat(line, "\n");
    proxy_list_u8_t bytes = {(uint8_t *)line, strlen(line)};
    stream_error error;
    if (!wasi_io_streams_method_output_stream_blocking_write_and_flush(wasi_io_streams_borrow_output_stream(output),
                                                                       &bytes, &error)) {
      note("drip: ", error_name(&error));
      return;
    }
  }
  finish(body, output, NULL);
}

static void slow(void) {
  note("slow: ", "asleep");
  sleep_ms(parameter("ms", 0));
  note("slow: ", "awake");
  answer(200, "slow\n");
}

// Answers, and goes on for a while.
static void after(void) {
  answer(200, "before\n");
  sleep_ms(parameter("ms", 0));
  note("after: ", "done");
}

static void twice(void) {
  own_output output;
  declare(NULL, &output);
  set_err(WASI_HTTP_TYPES_ERROR_CODE_INTERNAL_ERROR);
}

static void late_trap(void) {
  own_output output;
  declare(NULL, &output);
  stream_error error;
  write_all(output, (const uint8_t *)"part", 4, &error);
  if (parameter("ms", 0) > 0) sleep_ms(parameter("ms", 0));
  __builtin_trap();
}

// Says 10, gives 4.
static void wrong_length(void) {
  own_output output;
  own_body body = declare("10", &output);
  stream_error error;
  write_all(output, (const uint8_t *)"part", 4, &error);
  finish(body, output, NULL);
}

// Says 4, gives 10.
static void too_long(void) {
  own_output output;
  own_body body = declare("4", &output);
  stream_error error;
  if (!write_all(output, (const uint8_t *)"0123456789", 10, &error)) note("too-long: ", error_name(&error));
  finish(body, output, NULL);
}

// Never asks for the body.
static void no_body(void) {
  wasi_http_types_own_fields_t fields = wasi_http_types_constructor_fields();
  if (parameter("length", 0) > 0) set_field(fields, "content-length", "5");
  set_ok(response_of(parameter("status", 200), fields));
}

// What it would say if the request were a GET, without a body.
static void head(void) {
  own_output output;
  own_body body = declare("12345", &output);
  finish(body, output, NULL);
}

// Returns in the middle of its body.
static void unfinished(void) {
  own_output output;
  declare(NULL, &output);
  stream_error error;
  write_all(output, (const uint8_t *)"part", 4, &error);
}

// Drops its body instead of finishing it.
static void dropped(void) {
  own_output output;
  own_body body = declare(NULL, &output);
  stream_error error;
  write_all(output, (const uint8_t *)"part", 4, &error);
  wasi_io_streams_output_stream_drop_own(output);
  wasi_http_types_outgoing_body_drop_own(body);
}

static void trailers(void) {
  own_output output;
  own_body body = declare(NULL, &output);
  stream_error error;
  write_all(output, (const uint8_t *)"body\n", 5, &error);
  wasi_http_types_own_trailers_t fields = wasi_http_types_constructor_fields();
  set_field(fields, "x-trailer", "1");
  if (finish(body, output, &fields)) note("trailers: ", "ok");
}

// The trailers of the request.
static void request_trailers(void) {
  wasi_http_types_own_incoming_body_t body;
  own_input input;
  if (!consume(&body, &input)) __builtin_trap();
  stream_error error;
  proxy_list_u8_t bytes;
  while (wasi_io_streams_method_input_stream_blocking_read(wasi_io_streams_borrow_input_stream(input), 65536, &bytes,
                                                           &error)) {
    proxy_list_u8_free(&bytes);
  }
  wasi_io_streams_input_stream_drop_own(input);
  wasi_http_types_own_future_trailers_t future = wasi_http_types_static_incoming_body_finish(body);
  wasi_http_types_result_result_option_own_trailers_error_code_void_t result;
  wait_for(wasi_http_types_method_future_trailers_subscribe(wasi_http_types_borrow_future_trailers(future)));
  if (!wasi_http_types_method_future_trailers_get(wasi_http_types_borrow_future_trailers(future), &result)) {
    answer(200, "not ready\n");
  } else if (result.is_err || result.val.ok.is_err) {
    answer(200, "err\n");
  } else {
    answer(200, result.val.ok.val.ok.is_some ? "some\n" : "none\n");
  }
}

// Writes without end, until nobody reads.
static void endless(void) {
  static const uint8_t block[4096];
  own_output output;
  declare(NULL, &output);
  stream_error error;
  while (write_all(output, block, sizeof block, &error));
  note("endless: ", error_name(&error));
}

static void print(void) {
  say(wasi_cli_stdout_get_stdout(), "to stdout\n");
  say(wasi_cli_stderr_get_stderr(), "to stderr\n");
  answer(200, "printed\n");
}

static const struct {
  const char *path;
  void (*handle)(void);
} PATHS[] = {
    {"/hello", hello},
    {"/count", count},
    {"/echo", echo},
    {"/splice", splice},
    {"/upload", upload},
    {"/headers", headers},
    {"/forbidden", forbidden},
    {"/fields", fields},
    {"/big", big},
    {"/drip", drip},
    {"/slow", slow},
    {"/after", after},
    {"/twice", twice},
    {"/late-trap", late_trap},
    {"/wrong-length", wrong_length},
    {"/too-long", too_long},
    {"/no-body", no_body},
    {"/head", head},
    {"/unfinished", unfinished},
    {"/dropped", dropped},
    {"/trailers", trailers},
    {"/request-trailers", request_trailers},
    {"/endless", endless},
    {"/print", print},
};

void exports_wasi_http_incoming_handler_handle(wasi_http_types_own_incoming_request_t incoming, outparam response_out) {
  request = incoming;
  out = response_out;
  proxy_string_t target;
  if (!wasi_http_types_method_incoming_request_path_with_query(wasi_http_types_borrow_incoming_request(request),
                                                               &target)) {
    target = text_of("");
  }
  path = malloc(target.len + 1);
  memcpy(path, target.ptr, target.len);
  path[target.len] = 0;
  query = strchr(path, '?');
  if (query) *query++ = 0;
  else query = path + strlen(path);
  if (strcmp(path, "/trap") == 0) __builtin_trap();
  if (strcmp(path, "/never") == 0) return;
  if (strncmp(path, "/status/", 8) == 0) return status();
  if (strncmp(path, "/error/", 7) == 0) return set_err(parse(path + 7));
  for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
    if (strcmp(path, PATHS[i].path) == 0) return PATHS[i].handle();
  }
  answer(404, "no such path\n");
}
