;; Prints how many lines each file has that is named, as `wc -l` does: a core module of WASI preview 1.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))

  ;; 0: results of calls. 16: an iovec. 32: digits. 1024: what is read of a file, 16 KiB. From 32768: argv and its texts.
  (memory (export "memory") 2)
  (data (i32.const 64) ": cannot be opened\n")
  (data (i32.const 96) "lines: give it the names of files\n")

  (func $print (param $fd i32) (param $text i32) (param $length i32)
    (i32.store (i32.const 16) (local.get $text))
    (i32.store (i32.const 20) (local.get $length))
    (drop (call $fd_write (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 0))))

  (func $length (param $text i32) (result i32)
    (local $end i32)
    (local.set $end (local.get $text))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (i32.load8_u (local.get $end))))
        (local.set $end (i32.add (local.get $end) (i32.const 1)))
        (br $next)))
    (i32.sub (local.get $end) (local.get $text)))

  ;; The number, and the byte after it.
  (func $print_number (param $number i32) (param $after i32)
    (local $at i32)
    (local.set $at (i32.const 60))
    (i32.store8 (local.get $at) (local.get $after))
    (loop $next
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (i32.store8 (local.get $at)
        (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
      (local.set $number (i32.div_u (local.get $number) (i32.const 10)))
      (br_if $next (local.get $number)))
    (call $print (i32.const 1) (local.get $at) (i32.sub (i32.const 61) (local.get $at))))

  ;; How many line feeds a file has; -1 if it cannot be opened.
  (func $count (param $name i32) (result i32)
    (local $fd i32) (local $lines i32) (local $at i32) (local $end i32)
    ;; 3 is the first directory that the program is given. Links are followed; the right to read is asked for.
    (if (call $path_open (i32.const 3) (i32.const 1) (local.get $name) (call $length (local.get $name))
          (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0))
      (then (return (i32.const -1))))
    (local.set $fd (i32.load (i32.const 0)))
    (block $done
      (loop $more
        (i32.store (i32.const 16) (i32.const 1024))
        (i32.store (i32.const 20) (i32.const 16384))
        (br_if $done (call $fd_read (local.get $fd) (i32.const 16) (i32.const 1) (i32.const 0)))
        (br_if $done (i32.eqz (i32.load (i32.const 0))))
        (local.set $at (i32.const 1024))
        (local.set $end (i32.add (i32.const 1024) (i32.load (i32.const 0))))
        (loop $byte
          (local.set $lines
            (i32.add (local.get $lines) (i32.eq (i32.load8_u (local.get $at)) (i32.const 10))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br_if $byte (i32.lt_u (local.get $at) (local.get $end))))
        (br $more)))
    (drop (call $fd_close (local.get $fd)))
    (local.get $lines))

  (func (export "_start")
    (local $argv i32) (local $end i32) (local $name i32) (local $lines i32) (local $code i32)
    (drop (call $args_sizes_get (i32.const 0) (i32.const 4)))
    (local.set $argv (i32.const 32768))
    (local.set $end (i32.add (local.get $argv) (i32.mul (i32.load (i32.const 0)) (i32.const 4))))
    (if (i32.lt_u (i32.load (i32.const 0)) (i32.const 2))
      (then
        (call $print (i32.const 2) (i32.const 96) (i32.const 34))
        (call $proc_exit (i32.const 2))))
    (drop (call $args_get (local.get $argv) (local.get $end)))
    (loop $next
      (local.set $argv (i32.add (local.get $argv) (i32.const 4)))
      (if (i32.lt_u (local.get $argv) (local.get $end))
        (then
          (local.set $name (i32.load (local.get $argv)))
          (local.set $lines (call $count (local.get $name)))
          (if (i32.lt_s (local.get $lines) (i32.const 0))
            (then
              (call $print (i32.const 2) (local.get $name) (call $length (local.get $name)))
              (call $print (i32.const 2) (i32.const 64) (i32.const 19))
              (local.set $code (i32.const 1)))
            (else
              (call $print_number (local.get $lines) (i32.const 32))
              (call $print (i32.const 1) (local.get $name) (call $length (local.get $name)))
              (i32.store8 (i32.const 60) (i32.const 10))
              (call $print (i32.const 1) (i32.const 60) (i32.const 1))))
          (br $next))))
    (if (local.get $code) (then (call $proc_exit (local.get $code))))))
