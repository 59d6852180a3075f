package io.sharedinference.proxy;

import io.sharedinference.proxy.telemetry.Log;
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
            serve(Settings.from(System.getenv()), new Log(new FileOutputStream(FileDescriptor.out)));
        } catch (Settings.InvalidSettings e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void serve(Settings settings, Log log) {
        try {
            Proxy proxy = Proxy.start(settings, log);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("drain").unstarted(() -> {
                proxy.drain();
                log.close();
            }));
        } catch (IOException e) {
            log.error("start failed")
                    .field("reason", e.getMessage())
                    .field("fix", "stop what uses the port, or set API_PORT or OPS_PORT to another one")
                    .write();
            log.close();
            System.exit(1);
        }
    }
}
