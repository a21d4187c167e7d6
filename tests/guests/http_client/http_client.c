// HTTP requests, one after the other with `--next` between them: [OPTION…] METHOD URL
//   -H 'NAME: VALUE', -T 'NAME: VALUE'    a header, a trailer
//   -d TEXT, --zeros N, --stdin           a body
//   --scheme S, --authority A, --path P   instead of what the URL says; `none` sets none
//   --connect-timeout, --first-byte-timeout, --between-bytes-timeout MS
//   --drop request|body|future|response|input|trailers    goes so far and drops what it has
//   --follow                              goes on to where a redirect leads
//   --times N                             so many at once; prints what came of how many
#include "net.h"
#include "pollables.h"

#define TYPES(name) wasi_http_types_##name
#define REQUEST(name) wasi_http_types_method_outgoing_request_##name
#define CHUNK 65536
#define MOST 64

typedef wasi_io_poll_own_pollable_t pollable;
typedef wasi_io_streams_stream_error_t stream_error;
typedef wasi_http_types_error_code_t http_error;

static const char *const ERROR_CODES[] = {
    "DNS-timeout", "DNS-error", "destination-not-found", "destination-unavailable", "destination-IP-prohibited",
    "destination-IP-unroutable", "connection-refused", "connection-terminated", "connection-timeout",
    "connection-read-timeout", "connection-write-timeout", "connection-limit-reached", "TLS-protocol-error",
    "TLS-certificate-error", "TLS-alert-received", "HTTP-request-denied", "HTTP-request-length-required",
    "HTTP-request-body-size", "HTTP-request-method-invalid", "HTTP-request-URI-invalid", "HTTP-request-URI-too-long",
    "HTTP-request-header-section-size", "HTTP-request-header-size", "HTTP-request-trailer-section-size",
    "HTTP-request-trailer-size", "HTTP-response-incomplete", "HTTP-response-header-section-size",
    "HTTP-response-header-size", "HTTP-response-body-size", "HTTP-response-trailer-section-size",
    "HTTP-response-trailer-size", "HTTP-response-transfer-coding", "HTTP-response-content-coding",
    "HTTP-response-timeout", "HTTP-upgrade-failed", "HTTP-protocol-error", "loop-detected", "configuration-error",
    "internal-error",
};
static const char *const HEADER_ERRORS[] = {"invalid-syntax", "forbidden", "immutable"};
static const char *const METHODS[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

// What one request is made of, in the words of the command line.
typedef struct {
  char *method, *url, *scheme, *authority, *path, *text, *drop;
  char *headers[MOST], *trailers[MOST];
  size_t header_count, trailer_count;
  uint64_t connect_timeout, first_byte_timeout, between_bytes_timeout, zeros;
  size_t times;
  bool has_body, from_stdin, follow;
} order;

// A request under way. A handle is 0 where there is none.
typedef struct {
  const order *of;
  wasi_http_types_own_outgoing_body_t outgoing;
  wasi_io_streams_own_output_stream_t output;
  wasi_http_types_own_future_incoming_response_t future;
  wasi_http_types_own_incoming_response_t response;
  wasi_http_types_own_incoming_body_t incoming;
  wasi_io_streams_own_input_stream_t input;
  wasi_http_types_own_future_trailers_t trailers;
  pollable writable, arrived, readable, trailed;
  wasi_io_streams_own_input_stream_t stdin_stream;
  pollable stdin_ready;
  bool waits_for_stdin, flushing, over, quiet;
  uint64_t left, received;
  uint32_t hash;
  uint8_t head[200];
  int status;
  const char *said;
  char location[1024];
} exchange;

#define DROP(handle, drop) \
  do { \
    if ((handle).__handle != 0) drop(handle); \
    (handle).__handle = 0; \
  } while (0)

static void drop_upload(exchange *x) {
  DROP(x->stdin_ready, wasi_io_poll_pollable_drop_own);
  DROP(x->stdin_stream, wasi_io_streams_input_stream_drop_own);
  DROP(x->writable, wasi_io_poll_pollable_drop_own);
  DROP(x->output, wasi_io_streams_output_stream_drop_own);
  DROP(x->outgoing, TYPES(outgoing_body_drop_own));
}

static void drop_all(exchange *x) {
  drop_upload(x);
  DROP(x->arrived, wasi_io_poll_pollable_drop_own);
  DROP(x->future, TYPES(future_incoming_response_drop_own));
  DROP(x->readable, wasi_io_poll_pollable_drop_own);
  DROP(x->input, wasi_io_streams_input_stream_drop_own);
  DROP(x->incoming, TYPES(incoming_body_drop_own));
  DROP(x->response, TYPES(incoming_response_drop_own));
  DROP(x->trailed, wasi_io_poll_pollable_drop_own);
  DROP(x->trailers, TYPES(future_trailers_drop_own));
}

static void print_option(const char *name, bool is_some, const char *format, uint64_t value) {
  if (!is_some) return;
  printf(" %s=", name);
  printf(format, value);
}

static void print_text(const char *name, const net_option_string_t *text) {
  if (text->is_some) printf(" %s=%.*s", name, (int)text->val.len, (char *)text->val.ptr);
}

static void print_field_size(const wasi_http_types_field_size_payload_t *payload) {
  print_text("name", &payload->field_name);
  print_option("size", payload->field_size.is_some, "%llu", payload->field_size.val);
}

static void print_error(const http_error *error) {
  printf("%s", ERROR_CODES[error->tag]);
  switch (error->tag) {
    case WASI_HTTP_TYPES_ERROR_CODE_DNS_ERROR:
      print_text("rcode", &error->val.dns_error.rcode);
      print_option("info-code", error->val.dns_error.info_code.is_some, "%llu", error->val.dns_error.info_code.val);
      break;
    case WASI_HTTP_TYPES_ERROR_CODE_TLS_ALERT_RECEIVED:
      print_text("message", &error->val.tls_alert_received.alert_message);
      break;
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_BODY_SIZE:
      print_option("size", error->val.http_request_body_size.is_some, "%llu", error->val.http_request_body_size.val);
      break;
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_RESPONSE_BODY_SIZE:
      print_option("size", error->val.http_response_body_size.is_some, "%llu", error->val.http_response_body_size.val);
      break;
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_RESPONSE_HEADER_SECTION_SIZE:
      print_option("size", error->val.http_response_header_section_size.is_some, "%llu",
                   error->val.http_response_header_section_size.val);
      break;
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_REQUEST_HEADER_SIZE:
      if (error->val.http_request_header_size.is_some) print_field_size(&error->val.http_request_header_size.val);
      break;
    case WASI_HTTP_TYPES_ERROR_CODE_HTTP_RESPONSE_HEADER_SIZE:
      print_field_size(&error->val.http_response_header_size);
      break;
    case WASI_HTTP_TYPES_ERROR_CODE_INTERNAL_ERROR:
      print_text("message", &error->val.internal_error);
      break;
    default:
      break;
  }
}

// Ends an exchange: with what is printed of one, or counted of many.
static void end(exchange *x, const char *what, const http_error *error) {
  x->over = true;
  x->said = error == NULL ? what : ERROR_CODES[error->tag];
  if (x->quiet || what == NULL) return;
  printf("%s", what);
  if (error != NULL) print_error(error);
  putchar('\n');
}

// What a stream failed with, by http-error-code.
static void print_stream_error(exchange *x, const char *what, stream_error error) {
  http_error code;
  x->said = what;
  if (error.tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED) {
    if (!x->quiet) printf("%s: closed\n", what);
    return;
  }
  bool known = TYPES(http_error_code)(wasi_io_error_borrow_error(error.val.last_operation_failed), &code);
  if (known) x->said = ERROR_CODES[code.tag];
  if (!x->quiet) {
    printf("%s: ", what);
    if (known) print_error(&code);
    else printf("no code");
    putchar('\n');
  }
  wasi_io_error_error_drop_own(error.val.last_operation_failed);
}

static net_string_t string_of(const char *text) {
  return (net_string_t){(uint8_t *)text, strlen(text)};
}

// `NAME: VALUE`, or `NAME:VALUE` with nothing taken off. False if it was refused.
static bool append(wasi_http_types_own_fields_t fields, const char *line) {
  const char *colon = strchr(line + 1, ':');
  wasi_http_types_header_error_t error;
  net_string_t name = {(uint8_t *)line, colon - line};
  const char *text = colon[1] == ' ' ? colon + 2 : colon + 1;
  wasi_http_types_field_value_t value = {(uint8_t *)text, strlen(text)};
  if (TYPES(method_fields_append)(TYPES(borrow_fields)(fields), &name, &value, &error)) return true;
  printf("%.*s: %s\n", (int)name.len, line, HEADER_ERRORS[error.tag]);
  return false;
}

static void print_fields(const char *what, wasi_http_types_own_fields_t fields, exchange *x) {
  wasi_http_types_list_tuple2_field_name_field_value_t list;
  TYPES(method_fields_entries)(TYPES(borrow_fields)(fields), &list);
  for (size_t i = 0; i < list.len; i++) {
    net_string_t name = list.ptr[i].f0;
    wasi_http_types_field_value_t value = list.ptr[i].f1;
    if (!x->quiet) printf("%s: %.*s: %.*s\n", what, (int)name.len, name.ptr, (int)value.len, value.ptr);
    if (name.len == 8 && strncasecmp((char *)name.ptr, "location", 8) == 0) {
      snprintf(x->location, sizeof x->location, "%.*s", (int)value.len, value.ptr);
    }
  }
  TYPES(list_tuple2_field_name_field_value_free)(&list);
  TYPES(fields_drop_own)(fields);
}

static bool set_timeouts(const order *of, wasi_http_types_own_request_options_t options) {
  wasi_http_types_borrow_request_options_t o = TYPES(borrow_request_options)(options);
  uint64_t connect = of->connect_timeout * 1000000, first = of->first_byte_timeout * 1000000,
           between = of->between_bytes_timeout * 1000000;
  return (connect == 0 || TYPES(method_request_options_set_connect_timeout)(o, &connect)) &&
         (first == 0 || TYPES(method_request_options_set_first_byte_timeout)(o, &first)) &&
         (between == 0 || TYPES(method_request_options_set_between_bytes_timeout)(o, &between));
}

// The request's parts; the name of the one that was refused, or NULL.
static const char *set_parts(const order *of, wasi_http_types_borrow_outgoing_request_t request) {
  char *separator = strstr(of->url, "://");
  char *authority = separator + 3, *path = authority + strcspn(authority, "/?");
  net_string_t text;
  wasi_http_types_method_t method = {.tag = WASI_HTTP_TYPES_METHOD_OTHER, .val.other = string_of(of->method)};
  for (size_t i = 0; i < sizeof METHODS / sizeof *METHODS; i++) {
    if (strcmp(of->method, METHODS[i]) == 0) method.tag = i;
  }
  if (!REQUEST(set_method)(request, &method)) return "method: refused";
  net_string_t name = {(uint8_t *)of->url, separator - of->url};
  if (of->scheme != NULL) name = string_of(of->scheme);
  wasi_http_types_scheme_t scheme = {.tag = WASI_HTTP_TYPES_SCHEME_OTHER, .val.other = name};
  if (name.len == 4 && memcmp(name.ptr, "http", 4) == 0) scheme.tag = WASI_HTTP_TYPES_SCHEME_HTTP;
  if (name.len == 5 && memcmp(name.ptr, "https", 5) == 0) scheme.tag = WASI_HTTP_TYPES_SCHEME_HTTPS;
  bool none = name.len == 4 && memcmp(name.ptr, "none", 4) == 0;
  if (!REQUEST(set_scheme)(request, none ? NULL : &scheme)) return "scheme: refused";
  text = (net_string_t){(uint8_t *)authority, path - authority};
  if (of->authority != NULL) text = string_of(of->authority);
  none = of->authority != NULL && strcmp(of->authority, "none") == 0;
  if (!REQUEST(set_authority)(request, none ? NULL : &text)) return "authority: refused";
  text = string_of(of->path == NULL ? path : of->path);
  none = text.len == 0 || (of->path != NULL && strcmp(of->path, "none") == 0);
  if (!REQUEST(set_path_with_query)(request, none ? NULL : &text)) return "path: refused";
  return NULL;
}

static bool drops(const exchange *x, const char *what) {
  return x->of->drop != NULL && strcmp(x->of->drop, what) == 0;
}

static void begin(exchange *x, const order *of, bool quiet) {
  memset(x, 0, sizeof *x);
  x->of = of;
  x->quiet = quiet;
  x->hash = 2166136261;
  x->left = of->text != NULL ? strlen(of->text) : of->zeros;
  wasi_http_types_own_fields_t headers = TYPES(constructor_fields)();
  for (size_t i = 0; i < of->header_count; i++) {
    if (!append(headers, of->headers[i])) return TYPES(fields_drop_own)(headers), end(x, NULL, NULL);
  }
  wasi_http_types_own_outgoing_request_t request = TYPES(constructor_outgoing_request)(headers);
  const char *refused = set_parts(of, TYPES(borrow_outgoing_request)(request));
  if (refused != NULL || drops(x, "request")) {
    TYPES(outgoing_request_drop_own)(request);
    return end(x, refused != NULL ? refused : "dropped", NULL);
  }
  if (of->has_body) REQUEST(body)(TYPES(borrow_outgoing_request)(request), &x->outgoing);
  wasi_http_types_own_request_options_t options = TYPES(constructor_request_options)();
  if (!set_timeouts(of, options)) printf("timeouts: refused\n");
  http_error error;
  if (!wasi_http_outgoing_handler_handle(request, &options, &x->future, &error)) {
    x->future.__handle = 0;
    return end(x, "error at once: ", &error);
  }
  if (drops(x, "future")) return end(x, "dropped", NULL);
  x->arrived = TYPES(method_future_incoming_response_subscribe)(TYPES(borrow_future_incoming_response)(x->future));
  if (!of->has_body) return;
  TYPES(method_outgoing_body_write)(TYPES(borrow_outgoing_body)(x->outgoing), &x->output);
  x->writable = wasi_io_streams_method_output_stream_subscribe(wasi_io_streams_borrow_output_stream(x->output));
  if (!of->from_stdin) return;
  x->stdin_stream = wasi_cli_stdin_get_stdin();
  x->stdin_ready =
      wasi_io_streams_method_input_stream_subscribe(wasi_io_streams_borrow_input_stream(x->stdin_stream));
}

// All of the body has been taken: the trailers, and its end.
static void finish_upload(exchange *x) {
  wasi_http_types_own_outgoing_body_t body = x->outgoing;
  wasi_http_types_own_fields_t trailers;
  http_error error;
  x->outgoing.__handle = 0;
  drop_upload(x);
  if (x->of->trailer_count > 0) {
    trailers = TYPES(constructor_fields)();
    for (size_t i = 0; i < x->of->trailer_count; i++) append(trailers, x->of->trailers[i]);
  }
  if (TYPES(static_outgoing_body_finish)(body, x->of->trailer_count > 0 ? &trailers : NULL, &error)) return;
  if (x->quiet) return;
  printf("finish: ");
  print_error(&error);
  putchar('\n');
}

// The next bytes of the body, up to `room`. False at its end; with no bytes if they are yet to come.
static bool next_part(exchange *x, uint64_t room, net_list_u8_t *part) {
  static uint8_t zeros[CHUNK];
  stream_error error;
  if (room > CHUNK) room = CHUNK;
  if (x->of->from_stdin) {
    x->waits_for_stdin = false;
    wasi_io_streams_borrow_input_stream_t in = wasi_io_streams_borrow_input_stream(x->stdin_stream);
    if (!wasi_io_streams_method_input_stream_read(in, room, part, &error)) return false;
    x->waits_for_stdin = part->len == 0;
    return true;
  }
  if (x->left == 0) return false;
  part->ptr = x->of->text == NULL ? zeros : (uint8_t *)x->of->text + strlen(x->of->text) - x->left;
  part->len = x->left < room ? x->left : room;
  x->left -= part->len;
  return true;
}

static void upload(exchange *x) {
  wasi_io_streams_borrow_output_stream_t out = wasi_io_streams_borrow_output_stream(x->output);
  net_list_u8_t part;
  stream_error error;
  for (uint64_t room;;) {
    if (!wasi_io_streams_method_output_stream_check_write(out, &room, &error)) break;
    if (room == 0) return;
    if (x->flushing) return finish_upload(x);
    if (next_part(x, room, &part)) {
      if (x->waits_for_stdin) return;
      if (!wasi_io_streams_method_output_stream_write(out, &part, &error)) break;
      if (x->of->from_stdin) net_list_u8_free(&part);
      if (drops(x, "body")) return drop_all(x), end(x, "dropped", NULL);
    } else {
      if (!wasi_io_streams_method_output_stream_flush(out, &error)) break;
      x->flushing = true;
    }
  }
  print_stream_error(x, "upload", error);
  drop_upload(x);
}

static void take_response(exchange *x) {
  wasi_http_types_result_result_own_incoming_response_error_code_void_t got;
  if (!TYPES(method_future_incoming_response_get)(TYPES(borrow_future_incoming_response)(x->future), &got)) return;
  DROP(x->arrived, wasi_io_poll_pollable_drop_own);
  DROP(x->future, TYPES(future_incoming_response_drop_own));
  if (got.is_err) return end(x, "taken twice", NULL);
  if (got.val.ok.is_err) return end(x, "error: ", &got.val.ok.val.err);
  x->response = got.val.ok.val.ok;
  wasi_http_types_borrow_incoming_response_t response = TYPES(borrow_incoming_response)(x->response);
  x->status = TYPES(method_incoming_response_status)(response);
  if (!x->quiet) printf("status: %d\n", x->status);
  print_fields("header", TYPES(method_incoming_response_headers)(response), x);
  fflush(stdout);
  if (drops(x, "response")) return end(x, "dropped", NULL);
  TYPES(method_incoming_response_consume)(response, &x->incoming);
  TYPES(method_incoming_body_stream)(TYPES(borrow_incoming_body)(x->incoming), &x->input);
  x->readable = wasi_io_streams_method_input_stream_subscribe(wasi_io_streams_borrow_input_stream(x->input));
}

static void download(exchange *x) {
  wasi_io_streams_borrow_input_stream_t in = wasi_io_streams_borrow_input_stream(x->input);
  net_list_u8_t part;
  stream_error error;
  while (wasi_io_streams_method_input_stream_read(in, CHUNK, &part, &error)) {
    if (part.len == 0) return;
    for (size_t i = 0; i < part.len; i++) {
      if (x->received + i < sizeof x->head) x->head[x->received + i] = part.ptr[i];
      x->hash = (x->hash ^ part.ptr[i]) * 16777619;
    }
    x->received += part.len;
    net_list_u8_free(&part);
    if (drops(x, "input")) return end(x, "dropped", NULL);
  }
  if (!x->quiet) {
    printf("body: ");
    print_bytes(x->head, x->received);
    if (x->received > sizeof x->head) printf(", hash %08x", x->hash);
    putchar('\n');
  }
  DROP(x->readable, wasi_io_poll_pollable_drop_own);
  DROP(x->input, wasi_io_streams_input_stream_drop_own);
  if (error.tag != WASI_IO_STREAMS_STREAM_ERROR_CLOSED) {
    print_stream_error(x, "download", error);
    x->over = true;
    return;
  }
  x->trailers = TYPES(static_incoming_body_finish)(x->incoming);
  x->incoming.__handle = 0;
  x->trailed = TYPES(method_future_trailers_subscribe)(TYPES(borrow_future_trailers)(x->trailers));
  if (drops(x, "trailers")) end(x, "dropped", NULL);
}

static void take_trailers(exchange *x) {
  wasi_http_types_result_result_option_own_trailers_error_code_void_t got;
  if (!TYPES(method_future_trailers_get)(TYPES(borrow_future_trailers)(x->trailers), &got)) return;
  x->over = true;
  if (got.is_err) return end(x, "trailers: taken twice", NULL);
  if (got.val.ok.is_err) return end(x, "trailers: ", &got.val.ok.val.err);
  if (got.val.ok.val.ok.is_some) print_fields("trailer", got.val.ok.val.ok.val, x);
}

// Goes as far as it can; when it is over, drops what is left.
static void go_on(exchange *x) {
  if (!x->over && x->output.__handle != 0) upload(x);
  if (!x->over && x->future.__handle != 0) take_response(x);
  if (!x->over && x->input.__handle != 0) download(x);
  if (!x->over && x->trailers.__handle != 0) take_trailers(x);
  if (x->over) drop_all(x);
}

// What it waits for, up to two.
static size_t waits_for(const exchange *x, pollable *list) {
  size_t length = 0;
  if (x->output.__handle != 0) list[length++] = x->waits_for_stdin ? x->stdin_ready : x->writable;
  if (x->future.__handle != 0) list[length++] = x->arrived;
  else if (x->input.__handle != 0) list[length++] = x->readable;
  else if (x->trailers.__handle != 0) list[length++] = x->trailed;
  return length;
}

static void run_all(exchange *all, size_t number) {
  pollable *waiting = calloc(2 * number, sizeof *waiting);
  char *ready = calloc(2 * number, 1);
  for (;;) {
    size_t length = 0;
    for (size_t i = 0; i < number; i++) {
      go_on(&all[i]);
      if (!all[i].over) length += waits_for(&all[i], waiting + length);
    }
    if (length == 0) break;
    poll_all(waiting, length, ready);
  }
  free(waiting);
  free(ready);
}

static void one(order *of) {
  exchange x;
  begin(&x, of, false);
  run_all(&x, 1);
  if (of->follow && x.status / 100 == 3 && x.location[0] != 0) {
    printf("to: %s\n", x.location);
    order next = *of;
    next.url = strdup(x.location);
    one(&next);
  }
  fflush(stdout);
}

// `1000: status 200, 5 bytes`, with a line for each kind of end there was.
static void many(order *of) {
  exchange *all = calloc(of->times, sizeof *all);
  for (size_t i = 0; i < of->times; i++) begin(&all[i], of, true);
  run_all(all, of->times);
  for (size_t i = 0; i < of->times; i++) {
    size_t same = 0;
    if (all[i].quiet == false) continue;
    for (size_t j = i; j < of->times; j++) {
      if (all[j].quiet && all[j].status == all[i].status && all[j].said == all[i].said &&
          all[j].received == all[i].received && all[j].hash == all[i].hash) {
        same++;
        if (j > i) all[j].quiet = false;
      }
    }
    printf("%zu: status %d, %llu bytes%s%s\n", same, all[i].status, all[i].received, all[i].said ? ", " : "",
           all[i].said ? all[i].said : "");
  }
  free(all);
}

int program(int argc, char **argv) {
  order of = {.times = 1};
  for (int i = 1; i < argc; i++) {
    char *word = argv[i];
#define IS(text) (strcmp(word, text) == 0)
    if (IS("-H") && of.header_count < MOST) of.headers[of.header_count++] = argv[++i];
    else if (IS("-T") && of.trailer_count < MOST) of.trailers[of.trailer_count++] = argv[++i];
    else if (IS("-d")) of.text = argv[++i], of.has_body = true;
    else if (IS("--zeros")) of.zeros = strtoull(argv[++i], NULL, 10), of.has_body = true;
    else if (IS("--stdin")) of.from_stdin = of.has_body = true;
    else if (IS("--scheme")) of.scheme = argv[++i];
    else if (IS("--authority")) of.authority = argv[++i];
    else if (IS("--path")) of.path = argv[++i];
    else if (IS("--connect-timeout")) of.connect_timeout = strtoull(argv[++i], NULL, 10);
    else if (IS("--first-byte-timeout")) of.first_byte_timeout = strtoull(argv[++i], NULL, 10);
    else if (IS("--between-bytes-timeout")) of.between_bytes_timeout = strtoull(argv[++i], NULL, 10);
    else if (IS("--drop")) of.drop = argv[++i];
    else if (IS("--follow")) of.follow = true;
    else if (IS("--times")) of.times = atoi(argv[++i]);
    else if (of.method == NULL) of.method = word;
    else if (of.url == NULL && strstr(word, "://") != NULL) of.url = word;
    else return 2;
    if (of.url == NULL || (i + 1 < argc && strcmp(argv[i + 1], "--next") != 0)) continue;
    if (of.times > 1) many(&of);
    else one(&of);
    of = (order){.times = 1};
    i++;
  }
  return 0;
}
