package io.sharedinference.kubernetes;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a proxy reports about its Secret at {@code /metrics}; docs/proxy-contract.properties. */
record ProxyMetrics(String text) {

    private static final Pattern FINGERPRINT = Pattern.compile(
            "^inference_proxy_secret_info\\{[^}]*fingerprint=\"([0-9a-f]+)\"[^}]*} 1(\\.0)?$", Pattern.MULTILINE);
    private static final Pattern NEVER_RELOADS =
            Pattern.compile("^inference_proxy_secret_info\\{[^}]*reload=\"false\"", Pattern.MULTILINE);

    /** Fingerprint of the token that new requests use. */
    Optional<String> fingerprint() {
        return FINGERPRINT.matcher(text).results().map(line -> line.group(1)).findFirst();
    }

    boolean readsSecretAtStartup() {
        return NEVER_RELOADS.matcher(text).find();
    }
}
