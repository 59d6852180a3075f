package io.sharedinference.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Channels whose written bytes leave at the end of their event loop's turn, not one by one in the midst of it: first
 * all that arrived is read, then all that is to go is sent, and who receives wakes once for more. Confined to its event loop.
 */
public final class FlushQueue {
    private final EventLoop loop;
    private final List<Channel> due = new ArrayList<>();

    /** Those of one loop. */
    public FlushQueue(EventLoop loop) {
        this.loop = loop;
    }

    /** What was written to the channel leaves before the loop waits again. */
    public void add(Channel channel) {
        if (due.isEmpty()) {
            loop.execute(this::flush);
        } else if (due.getLast() == channel) {
            return;
        }
        due.add(channel);
    }

    private void flush() {
        // a flush may make room, and so lead to more writes
        for (int i = 0; i < due.size(); i++) {
            due.get(i).flush();
        }
        due.clear();
    }
}
