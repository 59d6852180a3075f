package io.sharedinference.proxy.upstream;

import java.util.Optional;

/** The content of a Secret. */
record SecretContent(String url, String token, Optional<String> ca) {
    /** Redacted: it contains the token. */
    @Override
    public String toString() {
        return "SecretContent[redacted]";
    }
}
