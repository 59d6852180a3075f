package io.sharedinference.proxy.ops;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plain JSON lines, written by a thread of its own so that no event loop ever waits for whoever reads them.
 * Lines that the reader is too slow for are dropped and counted. Thread-safe.
 */
public final class Log implements AutoCloseable {
    private static final int CAPACITY = 16_384;
    private static final long GATHER_MILLIS = 5;

    private final OutputStream out;
    // has no lock: an event loop that loses its processor while it adds a line holds up nobody
    private final BlockingQueue<LogLine> lines = new LinkedTransferQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final Thread writer;
    private volatile Stamp stamp = Stamp.at(0);

    /** Starts the writing thread; {@code out} is flushed after each batch and never closed. */
    public Log(OutputStream out) {
        this.out = out;
        this.writer = Thread.ofPlatform().name("log").daemon().start(this::write);
    }

    /** Begins a line about something normal. */
    public LogLine info(String event) {
        return new LogLine(this, "info", event);
    }

    /** Begins a line about something that a person should look at. */
    public LogLine warn(String event) {
        return new LogLine(this, "warn", event);
    }

    /** The time to the millisecond; making its text costs more than the rest of a line, so lines share it. */
    String now() {
        long millis = System.currentTimeMillis();
        Stamp last = stamp;
        if (last.millis != millis) {
            last = Stamp.at(millis);
            stamp = last;
        }
        return last.text;
    }

    private record Stamp(long millis, String text) {
        static Stamp at(long millis) {
            return new Stamp(millis, Instant.ofEpochMilli(millis).toString());
        }
    }

    void accept(LogLine line) {
        if (queued.incrementAndGet() <= CAPACITY) {
            lines.add(line);
        } else {
            queued.decrementAndGet();
            dropped.incrementAndGet();
        }
    }

    /** Writes what is queued, then ends the thread. Later lines are lost. */
    @Override
    public void close() {
        writer.interrupt();
        try {
            writer.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        List<LogLine> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(lines.take());
                write(batch);
                // lines gather meanwhile, so that a busy proxy wakes this thread for hundreds at once
                Thread.sleep(GATHER_MILLIS);
            }
        } catch (InterruptedException closed) {
            write(batch);
        }
    }

    /** With it all that is queued. */
    private void write(List<LogLine> batch) {
        lines.drainTo(batch);
        queued.addAndGet(-batch.size());
        text.reset();
        batch.forEach(line -> line.writeTo(text));
        batch.clear();
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            warn("log lines dropped").field("count", lost).writeTo(text);
        }
        try {
            text.writeTo(out);
            out.flush();
        } catch (IOException e) {
            // nobody reads: serving goes on without a log
        }
    }
}
