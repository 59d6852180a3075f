package io.sharedinference.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes channels at the end of an event loop iteration: first all received bytes are read, then all written bytes are
 * sent, so that receivers wake up once. Confined to its event loop.
 */
public final class FlushQueue {
    private final EventLoop loop;
    private final List<Channel> due = new ArrayList<>();

    /** For one event loop. */
    public FlushQueue(EventLoop loop) {
        this.loop = loop;
    }

    /** Flushes the channel before the event loop waits again. */
    public void add(Channel channel) {
        if (due.isEmpty()) {
            loop.execute(this::flush);
        } else if (due.getLast().equals(channel)) {
            return;
        }
        due.add(channel);
    }

    private void flush() {
        // a flush may make the channel writable, and so cause more writes
        for (int i = 0; i < due.size(); i++) {
            due.get(i).flush();
        }
        due.clear();
    }
}
