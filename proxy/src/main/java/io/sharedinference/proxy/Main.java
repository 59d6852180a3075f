package io.sharedinference.proxy;

import io.sharedinference.proxy.ops.Log;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** Starts the proxy from the environment and ends it gently on SIGTERM. Exit 2: bad settings; 1: can't serve. */
public final class Main {
    private Main() {
    }

    /** Takes no arguments: everything is in the environment. */
    public static void main(String[] arguments) {
        try {
            Settings settings = Settings.from(System.getenv());
            Log log = new Log(new FileOutputStream(FileDescriptor.out));
            Proxy proxy = Proxy.start(settings, log);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("drain").unstarted(() -> {
                proxy.drain();
                log.close();
            }));
        } catch (Settings.InvalidSettings e) {
            fail(2, e.getMessage());
        } catch (IOException e) {
            fail(1, "inference-api-proxy can't start: " + e.getMessage());
        }
    }

    private static void fail(int code, String message) {
        System.err.println(message);
        System.exit(code);
    }
}
