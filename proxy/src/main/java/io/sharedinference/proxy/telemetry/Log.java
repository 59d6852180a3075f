package io.sharedinference.proxy.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * JSON lines, written by a separate thread so that no event loop blocks on the output.
 * If the reader is too slow, lines are dropped and counted. Thread-safe.
 */
public final class Log implements AutoCloseable {
    /** Of the heap: a blocked reader must not use up the memory for requests. */
    private static final int HEAP_FRACTION = 16;

    private static final int BATCH_SIZE = 64 * 1024;
    private static final long BATCH_MILLIS = 5;

    private final OutputStream out;
    // lock-free: an event loop that is preempted while adding a line blocks no other
    private final BlockingQueue<LogLine> lines = new LinkedTransferQueue<>();
    private final long capacity;
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream(BATCH_SIZE);
    private long gathered;
    private final Thread writer;
    private volatile Stamp stamp = Stamp.at(0);

    /** Starts the writing thread; {@code out} is flushed after each batch and never closed. */
    public Log(OutputStream out) {
        this.out = out;
        this.capacity = Runtime.getRuntime().maxMemory() / HEAP_FRACTION;
        this.writer = Thread.ofPlatform().name("log").daemon().start(this::write);
    }

    /** Begins an informational line. */
    public LogLine info(String event) {
        return new LogLine(this, "info", event);
    }

    /** Begins a warning. */
    public LogLine warn(String event) {
        return new LogLine(this, "warn", event);
    }

    /** Begins an error line, about why the process exits. */
    public LogLine error(String event) {
        return new LogLine(this, "error", event);
    }

    /** The time in milliseconds. Formatting it costs more than the rest of a line, so lines share it. */
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
        int size = line.size();
        if (queued.addAndGet(size) <= capacity) {
            lines.add(line);
        } else {
            queued.addAndGet(-size);
            dropped.incrementAndGet();
        }
    }

    /** Writes the queued lines and stops the thread. Later lines are lost. */
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
        try {
            while (true) {
                write(lines.take());
                // batches lines, so that a busy proxy wakes this thread for hundreds at once
                Thread.sleep(BATCH_MILLIS);
            }
        } catch (InterruptedException closed) {
            writeQueued();
        }
    }

    private void write(LogLine first) {
        gather(first);
        writeQueued();
    }

    private void writeQueued() {
        for (LogLine line = lines.poll(); line != null; line = lines.poll()) {
            gather(line);
            if (text.size() >= BATCH_SIZE) {
                writePiece();
            }
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            warn("log lines dropped").field("count", lost).writeTo(text);
        }
        writePiece();
    }

    private void gather(LogLine line) {
        gathered += line.size();
        line.writeTo(text);
    }

    /** Frees the capacity of its lines only when they are written. */
    private void writePiece() {
        try {
            text.writeTo(out);
            out.flush();
        } catch (IOException e) {
            // the output is closed: continue without a log
        }
        text.reset();
        queued.addAndGet(-gathered);
        gathered = 0;
    }
}
