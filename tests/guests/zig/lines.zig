//! Prints its arguments, numbers the lines of its standard input, and says how long that took.

const std = @import("std");

pub fn main() !void {
    const allocator = std.heap.wasm_allocator;
    const out = std.io.getStdOut().writer();
    var timer = try std.time.Timer.start();

    const arguments = try std.process.argsAlloc(allocator);
    for (arguments) |argument| try out.print("argument: {s}\n", .{argument});

    const in = std.io.getStdIn().reader();
    var number: usize = 0;
    while (try in.readUntilDelimiterOrEofAlloc(allocator, '\n', 1 << 20)) |line| {
        number += 1;
        try out.print("{d}: {s}\n", .{ number, line });
    }

    std.time.sleep(5 * std.time.ns_per_ms);
    if (timer.read() < 5 * std.time.ns_per_ms) std.process.exit(1);
}
