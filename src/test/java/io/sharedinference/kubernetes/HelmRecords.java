package io.sharedinference.kubernetes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** Helm's records of a release, as the API server lists them. */
public final class HelmRecords {

    private HelmRecords() {}

    public static String revision(int number, String status) {
        return revision(number, status, "Helm", Instant.EPOCH);
    }

    /** @param manager of the fields */
    public static String revision(int number, String status, String manager, Instant changed) {
        String release = """
                {"name": "pharia-ai", "version": %d, "info": {"status": "%s"},
                 "chart": {"metadata": {"name": "pharia", "version": "1.2.3", "appVersion": "7"}}}""".formatted(number, status);
        return """
                {"metadata": {"name": "sh.helm.release.v1.pharia-ai.v%1$d", "labels": {"version": "%1$d"},
                  "managedFields": [{"manager": "%3$s", "operation": "Update", "time": "%4$s"}]},
                 "data": {"release": "%2$s"}}""".formatted(
                        number, base64(base64(zipped(release)).getBytes(StandardCharsets.UTF_8)), manager, changed);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] zipped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
