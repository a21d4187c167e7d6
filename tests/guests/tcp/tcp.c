// TCP, one call at a time or as whole programs:
//   STEP… or -        each word, or each line of standard input, is a step: `slot verb [argument]`, slots are letters
//   echo ADDRESS N [splice]   serves N connections at once until all are over, and sends back what comes
//   talk ADDRESS      sends standard input, then prints what comes back
//   bulk ADDRESS N    sends N bytes and counts those that come back
//   hoard HOW N [ADDRESS]     opens up to N sockets and keeps them
#include <unistd.h>
#include "net.h"
#include "network.h"

#define SOCKET(name) wasi_sockets_tcp_method_tcp_socket_##name
#define INPUT(name) wasi_io_streams_method_input_stream_##name
#define OUTPUT(name) wasi_io_streams_method_output_stream_##name
#define CHUNK 65536

typedef wasi_sockets_tcp_own_tcp_socket_t own_socket;
typedef wasi_sockets_tcp_borrow_tcp_socket_t borrow_socket;
typedef wasi_io_streams_borrow_input_stream_t borrow_input;
typedef wasi_io_streams_borrow_output_stream_t borrow_output;
typedef wasi_io_streams_stream_error_t stream_error;

// A socket and its streams, as far as there are any: a handle is 0 where there is none.
typedef struct {
  own_socket socket;
  wasi_io_streams_own_input_stream_t input;
  wasi_io_streams_own_output_stream_t output;
} slot;

static slot slots[26];

static borrow_socket socket_of(const slot *s) { return wasi_sockets_tcp_borrow_tcp_socket(s->socket); }
static borrow_input input_of(const slot *s) { return wasi_io_streams_borrow_input_stream(s->input); }
static borrow_output output_of(const slot *s) { return wasi_io_streams_borrow_output_stream(s->output); }

static void drop_input(slot *s) {
  if (s->input.__handle != 0) wasi_io_streams_input_stream_drop_own(s->input);
  s->input.__handle = 0;
}

static void drop_output(slot *s) {
  if (s->output.__handle != 0) wasi_io_streams_output_stream_drop_own(s->output);
  s->output.__handle = 0;
}

static void drop_socket(slot *s) {
  if (s->socket.__handle != 0) wasi_sockets_tcp_tcp_socket_drop_own(s->socket);
  s->socket.__handle = 0;
}

static void drop_all(slot *s) {
  drop_input(s);
  drop_output(s);
  drop_socket(s);
}

// The name of what went wrong in a stream, which is dropped.
static const char *stream_error_text(stream_error error) {
  if (error.tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED) return "closed";
  error_code code;
  wasi_sockets_network_borrow_error_t borrowed = wasi_io_error_borrow_error(error.val.last_operation_failed);
  const char *text = wasi_sockets_network_network_error_code(borrowed, &code) ? ERROR_CODES[code] : "no code";
  wasi_io_error_error_drop_own(error.val.last_operation_failed);
  return text;
}

static const char *create(slot *s, bool is_six) {
  error_code error = 0;
  bool ok = wasi_sockets_tcp_create_socket_create_tcp_socket(is_six, &s->socket, &error);
  if (!ok) s->socket.__handle = 0;
  return outcome(ok, error);
}

// Each of these waits while finishing says that it would block.
#define UNTIL_DONE(start, finish) \
  error_code error = 0; \
  if (!(start)) return ERROR_CODES[error]; \
  while (!(finish)) { \
    if (error != WASI_SOCKETS_NETWORK_ERROR_CODE_WOULD_BLOCK) return ERROR_CODES[error]; \
    wait_for(SOCKET(subscribe)(socket_of(s))); \
  } \
  return "ok";

static const char *bind_to(slot *s, socket_address address) {
  UNTIL_DONE(SOCKET(start_bind)(socket_of(s), network(), &address, &error), SOCKET(finish_bind)(socket_of(s), &error))
}

static const char *listen_on(slot *s) {
  UNTIL_DONE(SOCKET(start_listen)(socket_of(s), &error), SOCKET(finish_listen)(socket_of(s), &error))
}

static bool finish_connect(slot *s, error_code *error) {
  wasi_sockets_tcp_tuple2_own_input_stream_own_output_stream_t streams;
  if (!SOCKET(finish_connect)(socket_of(s), &streams, error)) return false;
  s->input = streams.f0;
  s->output = streams.f1;
  return true;
}

static const char *connect_to(slot *s, socket_address address) {
  UNTIL_DONE(SOCKET(start_connect)(socket_of(s), network(), &address, &error), finish_connect(s, &error))
}

static bool accept_from(slot *listener, slot *s, error_code *error) {
  wasi_sockets_tcp_tuple3_own_tcp_socket_own_input_stream_own_output_stream_t accepted;
  if (!SOCKET(accept)(socket_of(listener), &accepted, error)) return false;
  s->socket = accepted.f0;
  s->input = accepted.f1;
  s->output = accepted.f2;
  return true;
}

// Looks a name up and connects to its first address that answers, as a client of any protocol does.
static void dial(slot *s, const char *name, uint16_t port) {
  wasi_sockets_ip_name_lookup_own_resolve_address_stream_t stream;
  wasi_sockets_ip_name_lookup_option_ip_address_t next;
  error_code error = 0;
  net_string_t text = {(uint8_t *)name, strlen(name)};
  if (!wasi_sockets_ip_name_lookup_resolve_addresses(network(), &text, &stream, &error)) {
    printf("lookup: %s", ERROR_CODES[error]);
    return;
  }
  wasi_sockets_ip_name_lookup_borrow_resolve_address_stream_t found =
      wasi_sockets_ip_name_lookup_borrow_resolve_address_stream(stream);
  const char *result = "no address";
  for (;;) {
    if (!wasi_sockets_ip_name_lookup_method_resolve_address_stream_resolve_next_address(found, &next, &error)) {
      if (error == WASI_SOCKETS_NETWORK_ERROR_CODE_WOULD_BLOCK) {
        wait_for(wasi_sockets_ip_name_lookup_method_resolve_address_stream_subscribe(found));
        continue;
      }
      printf("lookup: %s", ERROR_CODES[error]);
      break;
    }
    if (!next.is_some) {
      printf("%s", result);
      break;
    }
    drop_all(s);
    result = create(s, next.val.tag);
    if (strcmp(result, "ok") == 0) result = connect_to(s, with_port(next.val, port));
    if (strcmp(result, "ok") == 0) {
      printf("ok");
      break;
    }
  }
  wasi_sockets_ip_name_lookup_resolve_address_stream_drop_own(stream);
}

// Writes all of it; waits where it has to.
static const char *write_all(slot *s, const uint8_t *bytes, size_t length) {
  stream_error error;
  for (uint64_t room; length > 0;) {
    if (!OUTPUT(check_write)(output_of(s), &room, &error)) return stream_error_text(error);
    if (room == 0) {
      wait_for(OUTPUT(subscribe)(output_of(s)));
      continue;
    }
    net_list_u8_t part = {(uint8_t *)bytes, room < length ? room : length};
    if (!OUTPUT(write)(output_of(s), &part, &error)) return stream_error_text(error);
    bytes += part.len;
    length -= part.len;
  }
  return OUTPUT(blocking_flush)(output_of(s), &error) ? "ok" : stream_error_text(error);
}

// Writes while there is room, up to `most`, and waits for none: how much the host takes from one that asks nicely.
static void pour(slot *s, uint64_t most) {
  static uint8_t zeros[CHUNK];
  stream_error error;
  uint64_t total = 0;
  for (uint64_t room; total < most;) {
    if (!OUTPUT(check_write)(output_of(s), &room, &error)) {
      printf("%llu bytes, %s", total, stream_error_text(error));
      return;
    }
    if (room == 0) break;
    net_list_u8_t part = {zeros, room < CHUNK ? room : CHUNK};
    if (part.len > most - total) part.len = most - total;
    if (!OUTPUT(write)(output_of(s), &part, &error)) {
      printf("%llu bytes, %s", total, stream_error_text(error));
      return;
    }
    total += part.len;
  }
  printf("%llu bytes", total);
}

static void print_read(bool ok, net_list_u8_t *bytes, stream_error error) {
  if (!ok) {
    printf("%s", stream_error_text(error));
    return;
  }
  print_bytes(bytes->ptr, bytes->len);
  net_list_u8_free(bytes);
}

static void read_all(slot *s) {
  uint8_t head[200];
  uint64_t total = 0;
  for (;;) {
    net_list_u8_t bytes;
    stream_error error;
    if (!INPUT(blocking_read)(input_of(s), CHUNK, &bytes, &error)) {
      print_bytes(head, total > sizeof head ? sizeof head : total);
      if (total > sizeof head) printf(" (of %llu)", total);
      printf(", %s", stream_error_text(error));
      return;
    }
    if (total < sizeof head) {
      size_t part = sizeof head - total < bytes.len ? sizeof head - total : bytes.len;
      memcpy(head + total, bytes.ptr, part);
    }
    total += bytes.len;
    net_list_u8_free(&bytes);
  }
}

static void print_u64(bool ok, uint64_t value, error_code error) {
  if (ok) printf("%llu", value);
  else printf("%s", ERROR_CODES[error]);
}

static void print_count(bool ok, uint64_t count, stream_error error) {
  if (ok) printf("%llu", count);
  else printf("%s", stream_error_text(error));
}

// Getters without an argument, setters with one.
static bool option(slot *s, const char *verb, const char *word) {
  borrow_socket socket = socket_of(s);
  error_code error = 0;
  uint64_t number = word == NULL ? 0 : strtoull(word, NULL, 10);
#define OPTION(text, name, type) \
  if (strcmp(verb, text) == 0) { \
    type value = number; \
    if (word == NULL) { \
      bool ok = SOCKET(name)(socket, &value, &error); \
      print_u64(ok, value, error); \
    } else { \
      bool ok = SOCKET(set_##name)(socket, value, &error); \
      printf("%s", outcome(ok, error)); \
    } \
    return true; \
  }
  OPTION("keep-alive-enabled", keep_alive_enabled, bool)
  OPTION("keep-alive-idle-time", keep_alive_idle_time, uint64_t)
  OPTION("keep-alive-interval", keep_alive_interval, uint64_t)
  OPTION("keep-alive-count", keep_alive_count, uint32_t)
  OPTION("hop-limit", hop_limit, uint8_t)
  OPTION("receive-buffer-size", receive_buffer_size, uint64_t)
  OPTION("send-buffer-size", send_buffer_size, uint64_t)
#undef OPTION
  if (strcmp(verb, "set-listen-backlog-size") != 0) return false;
  bool ok = SOCKET(set_listen_backlog_size)(socket, number, &error);
  printf("%s", outcome(ok, error));
  return true;
}

static bool of_socket(slot *s, const char *verb, char *word) {
  error_code error = 0;
  socket_address address;
  bool ok;
#define IS(text) (strcmp(verb, text) == 0)
  if (IS("create")) return printf("%s", create(s, strcmp(word, "6") == 0));
  if (IS("dial")) {
    char *colon = strrchr(word, ':');
    *colon = 0;
    dial(s, word, atoi(colon + 1));
    return true;
  }
  if (IS("bind")) return printf("%s", bind_to(s, address_of(word)));
  if (IS("connect")) return printf("%s", connect_to(s, address_of(word)));
  if (IS("listen")) return printf("%s", listen_on(s));
  if (IS("start-bind") || IS("start-connect")) {
    address = address_of(word);
    ok = IS("start-bind") ? SOCKET(start_bind)(socket_of(s), network(), &address, &error)
                          : SOCKET(start_connect)(socket_of(s), network(), &address, &error);
    return printf("%s", outcome(ok, error));
  }
  if (IS("local-address") || IS("remote-address")) {
    ok = IS("local-address") ? SOCKET(local_address)(socket_of(s), &address, &error)
                             : SOCKET(remote_address)(socket_of(s), &address, &error);
    return printf("%s", ok ? address_text(address) : ERROR_CODES[error]);
  }
  if (IS("shutdown")) {
    int kind = word[0] == 'r' ? WASI_SOCKETS_TCP_SHUTDOWN_TYPE_RECEIVE
               : word[0] == 's' ? WASI_SOCKETS_TCP_SHUTDOWN_TYPE_SEND : WASI_SOCKETS_TCP_SHUTDOWN_TYPE_BOTH;
    ok = SOCKET(shutdown)(socket_of(s), kind, &error);
    return printf("%s", outcome(ok, error));
  }
  if (IS("accept") || IS("await-accept")) {
    slot *other = &slots[word[0] - 'a'];
    while (!(ok = accept_from(s, other, &error)) && IS("await-accept") &&
           error == WASI_SOCKETS_NETWORK_ERROR_CODE_WOULD_BLOCK) {
      wait_for(SOCKET(subscribe)(socket_of(s)));
    }
    return printf("%s", outcome(ok, error));
  }
  if (IS("finish-bind")) ok = SOCKET(finish_bind)(socket_of(s), &error);
  else if (IS("finish-connect")) ok = finish_connect(s, &error);
  else if (IS("start-listen")) ok = SOCKET(start_listen)(socket_of(s), &error);
  else if (IS("finish-listen")) ok = SOCKET(finish_listen)(socket_of(s), &error);
  else if (IS("is-listening")) return printf("%s", SOCKET(is_listening)(socket_of(s)) ? "true" : "false");
  else if (IS("address-family")) return printf("%s", SOCKET(address_family)(socket_of(s)) ? "ipv6" : "ipv4");
  else if (IS("ready")) return printf("%s", is_ready(SOCKET(subscribe)(socket_of(s))) ? "true" : "false");
  else if (IS("wait")) return wait_for(SOCKET(subscribe)(socket_of(s))), printf("ok");
  else if (IS("drop")) return drop_all(s), printf("ok");
  else if (IS("drop-socket")) return drop_socket(s), printf("ok");
  else return false;
  return printf("%s", outcome(ok, error));
}

static bool of_streams(slot *s, const char *verb, char *word) {
  stream_error error;
  net_list_u8_t bytes;
  uint64_t count = word == NULL ? 0 : strtoull(word, NULL, 10);
  bool ok;
  if (IS("drop-input")) return drop_input(s), printf("ok");
  if (IS("drop-output")) return drop_output(s), printf("ok");
  if (IS("write")) return printf("%s", write_all(s, (uint8_t *)word, strlen(word)));
  if (IS("pour")) return pour(s, count), true;
  if (IS("read-all")) return read_all(s), true;
  if (IS("read") || IS("blocking-read")) {
    ok = IS("read") ? INPUT(read)(input_of(s), count, &bytes, &error)
                    : INPUT(blocking_read)(input_of(s), count, &bytes, &error);
    return print_read(ok, &bytes, error), true;
  }
  if (IS("skip") || IS("blocking-skip")) {
    ok = IS("skip") ? INPUT(skip)(input_of(s), count, &count, &error)
                    : INPUT(blocking_skip)(input_of(s), count, &count, &error);
    return print_count(ok, count, error), true;
  }
  if (IS("splice") || IS("blocking-splice")) {
    slot *from = &slots[word[0] - 'a'];
    ok = IS("splice") ? OUTPUT(splice)(output_of(s), input_of(from), CHUNK, &count, &error)
                      : OUTPUT(blocking_splice)(output_of(s), input_of(from), CHUNK, &count, &error);
    return print_count(ok, count, error), true;
  }
  if (IS("check-write")) {
    ok = OUTPUT(check_write)(output_of(s), &count, &error);
    return print_count(ok, count, error), true;
  }
  if (IS("input-ready")) return printf("%s", is_ready(INPUT(subscribe)(input_of(s))) ? "true" : "false");
  if (IS("output-ready")) return printf("%s", is_ready(OUTPUT(subscribe)(output_of(s))) ? "true" : "false");
  if (IS("wait-input")) return wait_for(INPUT(subscribe)(input_of(s))), printf("ok");
  if (IS("wait-output")) return wait_for(OUTPUT(subscribe)(output_of(s))), printf("ok");
  if (IS("flush")) ok = OUTPUT(flush)(output_of(s), &error);
  else if (IS("blocking-flush")) ok = OUTPUT(blocking_flush)(output_of(s), &error);
  else if (IS("write-zeroes")) ok = OUTPUT(write_zeroes)(output_of(s), count, &error);
  else return false;
  return printf("%s", ok ? "ok" : stream_error_text(error));
}

static void step(char *text) {
  slot *s = &slots[(text[0] - 'a') % 26];
  char *verb = text + 2;
  char *word = strchr(verb, ' ');
  // The step is printed as it came; the words are taken apart in a copy.
  char copy[4096];
  snprintf(copy, sizeof copy, "%s", verb);
  if (word != NULL) {
    copy[word - verb] = 0;
    word = copy + (word - verb) + 1;
  }
  if (!of_socket(s, copy, word) && !of_streams(s, copy, word) && !option(s, copy, word)) printf("no such verb");
}

// A connection of the echo server: what was read and not yet written, and what it waits for.
typedef struct {
  slot s;
  wasi_io_poll_own_pollable_t readable, writable;
  bool wants_room, ended, open;
} connection;

static void close_connection(connection *c) {
  wasi_io_poll_pollable_drop_own(c->readable);
  wasi_io_poll_pollable_drop_own(c->writable);
  drop_all(&c->s);
  c->open = false;
}

// Goes as far as it can. False when the connection is over.
static bool echo_some(connection *c, bool splice, uint64_t *total) {
  stream_error error;
  error_code code;
  uint64_t room;
  for (;;) {
    if (!OUTPUT(check_write)(output_of(&c->s), &room, &error)) return stream_error_text(error), false;
    c->wants_room = room == 0;
    if (room == 0) return true;
    if (c->ended) {
      // All that was written has gone: room after a flush says so.
      SOCKET(shutdown)(socket_of(&c->s), WASI_SOCKETS_TCP_SHUTDOWN_TYPE_SEND, &code);
      return false;
    }
    bool ok;
    uint64_t count = 0;
    if (splice) {
      ok = OUTPUT(splice)(output_of(&c->s), input_of(&c->s), room, &count, &error);
    } else {
      net_list_u8_t bytes;
      ok = INPUT(read)(input_of(&c->s), room < CHUNK ? room : CHUNK, &bytes, &error);
      if (ok) {
        count = bytes.len;
        if (count > 0) {
          if (!OUTPUT(write)(output_of(&c->s), &bytes, &error)) return stream_error_text(error), false;
        }
        net_list_u8_free(&bytes);
      }
    }
    if (!ok) {
      if (strcmp(stream_error_text(error), "closed") != 0) return false;
      c->ended = true;
      if (!OUTPUT(flush)(output_of(&c->s), &error)) return stream_error_text(error), false;
      continue;
    }
    if (count == 0) return true;
    *total += count;
  }
}

#define MOST 2048

static int echo(const char *address, size_t number, bool splice) {
  static connection connections[MOST];
  static wasi_io_poll_own_pollable_t waiting[MOST + 1];
  static char ready[MOST + 1];
  slot listener = {0};
  socket_address local;
  error_code error;
  size_t accepted = 0, over = 0;
  uint64_t total = 0;
  socket_address wanted = address_of(address);
  const char *result = create(&listener, wanted.tag);
  if (strcmp(result, "ok") == 0) result = bind_to(&listener, wanted);
  if (strcmp(result, "ok") == 0) result = listen_on(&listener);
  if (strcmp(result, "ok") != 0 || !SOCKET(local_address)(socket_of(&listener), &local, &error)) {
    printf("%s\n", result);
    return 1;
  }
  printf("listening on %s\n", address_text(local));
  fflush(stdout);
  wasi_io_poll_own_pollable_t arrival = SOCKET(subscribe)(socket_of(&listener));
  while (over < number) {
    connection *c = &connections[accepted];
    while (accepted < number && accepted < MOST && accept_from(&listener, &c->s, &error)) {
      c->readable = INPUT(subscribe)(input_of(&c->s));
      c->writable = OUTPUT(subscribe)(output_of(&c->s));
      c->open = true;
      c = &connections[++accepted];
    }
    size_t length = 0;
    for (size_t i = 0; i < accepted; i++) {
      if (!connections[i].open) continue;
      if (!echo_some(&connections[i], splice, &total)) {
        close_connection(&connections[i]);
        over++;
        continue;
      }
      waiting[length++] = connections[i].wants_room ? connections[i].writable : connections[i].readable;
    }
    if (over == number) break;
    if (accepted < number) waiting[length++] = arrival;
    poll_all(waiting, length, ready);
  }
  wasi_io_poll_pollable_drop_own(arrival);
  drop_all(&listener);
  printf("%zu connections, %llu bytes\n", over, total);
  return 0;
}

static int talk(const char *address) {
  static uint8_t bytes[CHUNK];
  slot s = {0};
  socket_address to = address_of(address);
  error_code error;
  const char *result = create(&s, to.tag);
  if (strcmp(result, "ok") == 0) result = connect_to(&s, to);
  for (size_t length; strcmp(result, "ok") == 0 && (length = fread(bytes, 1, CHUNK, stdin)) > 0;) {
    result = write_all(&s, bytes, length);
  }
  if (strcmp(result, "ok") != 0) {
    fprintf(stderr, "%s\n", result);
    return 1;
  }
  SOCKET(shutdown)(socket_of(&s), WASI_SOCKETS_TCP_SHUTDOWN_TYPE_SEND, &error);
  for (;;) {
    net_list_u8_t part;
    stream_error failed;
    if (!INPUT(blocking_read)(input_of(&s), CHUNK, &part, &failed)) {
      result = stream_error_text(failed);
      break;
    }
    fwrite(part.ptr, 1, part.len, stdout);
    net_list_u8_free(&part);
  }
  drop_all(&s);
  if (strcmp(result, "closed") == 0) return 0;
  fprintf(stderr, "%s\n", result);
  return 1;
}

// Sends and receives at the same time; each byte tells its place, so that one that is lost or doubled is found.
static int bulk(const char *address, uint64_t number) {
  static uint8_t bytes[CHUNK + 251];
  static char ready[2];
  slot s = {0};
  socket_address to = address_of(address);
  uint64_t sent = 0, received = 0, wrong = 0;
  error_code code;
  stream_error error = {.tag = WASI_IO_STREAMS_STREAM_ERROR_CLOSED};
  const char *result = create(&s, to.tag);
  if (strcmp(result, "ok") == 0) result = connect_to(&s, to);
  if (strcmp(result, "ok") != 0) {
    printf("%s\n", result);
    return 1;
  }
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = i % 251;
  wasi_io_poll_own_pollable_t waiting[2] = {INPUT(subscribe)(input_of(&s)), OUTPUT(subscribe)(output_of(&s))};
  bool half_closed = false;
  for (;;) {
    uint64_t room = 1;
    while (sent < number) {
      if (!OUTPUT(check_write)(output_of(&s), &room, &error)) break;
      if (room == 0) break;
      net_list_u8_t part = {bytes + sent % 251, room < CHUNK ? room : CHUNK};
      if (part.len > number - sent) part.len = number - sent;
      if (!OUTPUT(write)(output_of(&s), &part, &error)) break;
      sent += part.len;
    }
    if (sent == number && !half_closed) {
      half_closed = true;
      if (!OUTPUT(blocking_flush)(output_of(&s), &error)) break;
      SOCKET(shutdown)(socket_of(&s), WASI_SOCKETS_TCP_SHUTDOWN_TYPE_SEND, &code);
    }
    net_list_u8_t part;
    bool open;
    while ((open = INPUT(read)(input_of(&s), CHUNK, &part, &error)) && part.len > 0) {
      if (memcmp(part.ptr, bytes + received % 251, part.len) != 0) wrong++;
      received += part.len;
      net_list_u8_free(&part);
    }
    if (!open) break;
    poll_all(waiting, half_closed ? 1 : 2, ready);
  }
  wasi_io_poll_pollable_drop_own(waiting[0]);
  wasi_io_poll_pollable_drop_own(waiting[1]);
  printf("%llu bytes out, %llu back, %llu wrong, %s\n", sent, received, wrong, stream_error_text(error));
  drop_all(&s);
  return 0;
}

// `created`, `listening`, `connected` to an address; then one less and one more.
static int hoard(const char *how, size_t most, const char *address) {
  slot *all = calloc(most + 1, sizeof(slot));
  const char *result = "ok";
  size_t number = 0;
  for (; number < most; number++) {
    socket_address to = address_of(address == NULL ? "127.0.0.1:0" : address);
    result = create(&all[number], to.tag);
    if (strcmp(result, "ok") == 0 && how[0] == 'l') {
      result = bind_to(&all[number], to);
      if (strcmp(result, "ok") == 0) result = listen_on(&all[number]);
    }
    if (strcmp(result, "ok") == 0 && how[0] == 'c' && how[1] == 'o') result = connect_to(&all[number], to);
    if (strcmp(result, "ok") != 0) break;
  }
  printf("%zu, then %s\n", number, result);
  if (number < most) {
    drop_all(&all[number]);
    drop_all(&all[0]);
    // A connection is given back when it is closed, which is a moment after it was dropped.
    for (int i = 0; i < 1000 && strcmp(result = create(&all[0], false), "ok") != 0; i++) usleep(1000);
    printf("one less, one more: %s\n", result);
  }
  for (size_t i = 0; i <= number; i++) drop_all(&all[i]);
  return 0;
}

int program(int argc, char **argv) {
  if (argc >= 4 && strcmp(argv[1], "echo") == 0) return echo(argv[2], atoi(argv[3]), argc == 5);
  if (argc == 3 && strcmp(argv[1], "talk") == 0) return talk(argv[2]);
  if (argc == 4 && strcmp(argv[1], "bulk") == 0) return bulk(argv[2], strtoull(argv[3], NULL, 10));
  if (argc >= 4 && strcmp(argv[1], "hoard") == 0) return hoard(argv[2], atoi(argv[3]), argv[4]);
  return each_step(argc - 1, argv + 1, step);
}
