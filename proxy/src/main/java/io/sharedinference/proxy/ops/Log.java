package io.sharedinference.proxy.ops;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plain JSON lines, written by a thread of its own so that no event loop ever waits for whoever reads them.
 * Lines that the reader is too slow for are dropped and counted. Thread-safe.
 */
public final class Log implements AutoCloseable {
    private static final int CAPACITY = 16_384;
    private static final long GATHER_MILLIS = 5;
    private static final String END = "";

    private final OutputStream out;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();
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

    void accept(String line) {
        if (!lines.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    /** Writes what is queued, then ends the thread. Later lines are lost. */
    @Override
    public void close() {
        try {
            lines.put(END);
            writer.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        List<String> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(lines.take());
                lines.drainTo(batch);
                boolean last = write(batch);
                batch.clear();
                if (last) {
                    return;
                }
                // lines gather meanwhile, so that a busy proxy wakes this thread for hundreds at once
                Thread.sleep(GATHER_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean write(List<String> batch) {
        StringBuilder text = new StringBuilder();
        boolean last = false;
        for (String line : batch) {
            if (line.equals(END)) {
                last = true;
            } else {
                text.append(line).append('\n');
            }
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            text.append(warn("log lines dropped").field("count", lost).json()).append('\n');
        }
        try {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // nobody reads: serving goes on without a log
            return last;
        }
        return last;
    }
}
