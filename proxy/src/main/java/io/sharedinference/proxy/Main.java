package io.sharedinference.proxy;

import io.sharedinference.proxy.telemetry.Log;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** Starts the proxy and drains it on SIGTERM. Exits with 2 on invalid settings, with 1 if a port is taken. */
public final class Main {
    private Main() {}

    /** Takes no arguments; all settings are environment variables. */
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
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("drain").unstarted(() -> {
                        proxy.drain();
                        log.close();
                    }));
        } catch (IOException e) {
            log.error("start failed")
                    .field("reason", String.valueOf(e.getMessage()))
                    .field("fix", "stop the process that uses the port, or set API_PORT or OPS_PORT to another port")
                    .write();
            log.close();
            System.exit(1);
        }
    }
}
