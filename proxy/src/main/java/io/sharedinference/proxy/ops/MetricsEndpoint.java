package io.sharedinference.proxy.ops;

import com.sun.net.httpserver.HttpExchange;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/** Serves scrapes. Limits concurrent ones and builds one at a time, since each is built in memory. Thread-safe. */
final class MetricsEndpoint {
    private static final int MAX_CONCURRENT = 4;

    private final ExpositionFormats formats;
    private final PrometheusRegistry registry;
    private final Semaphore permits = new Semaphore(MAX_CONCURRENT);
    private final ReentrantLock building = new ReentrantLock();

    MetricsEndpoint(ExpositionFormats formats, PrometheusRegistry registry) {
        this.formats = formats;
        this.registry = registry;
    }

    void respond(HttpExchange exchange) throws IOException {
        if (!permits.tryAcquire()) {
            OpsServer.respond(exchange, 503, "more than " + MAX_CONCURRENT + " concurrent scrapes");
            return;
        }
        try (exchange) {
            ExpositionFormatWriter format =
                    formats.findWriter(exchange.getRequestHeaders().getFirst("Accept"));
            ByteArrayOutputStream body = body(format);
            exchange.getResponseHeaders().set("Content-Type", format.getContentType());
            exchange.sendResponseHeaders(200, body.size());
            body.writeTo(exchange.getResponseBody());
        } finally {
            permits.release();
        }
    }

    private ByteArrayOutputStream body(ExpositionFormatWriter format) throws IOException {
        building.lock();
        try {
            ByteArrayOutputStream body = new ByteArrayOutputStream(16 * 1024);
            format.write(body, registry.scrape());
            return body;
        } finally {
            building.unlock();
        }
    }
}
