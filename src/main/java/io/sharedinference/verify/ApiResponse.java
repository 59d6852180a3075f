package io.sharedinference.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A complete API response.
 *
 * @param type           the Content-Type, or "no type"
 * @param proxyErrorCode error code set by the proxy itself
 */
record ApiResponse(int status, String type, Optional<String> proxyErrorCode, String body) {

    // semver.org's grammar, without the rule against leading zeros in pre-releases
    private static final Pattern VERSION =
            Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHARACTERS_SHOWN = 80;

    Optional<String> version() {
        return Optional.of(body.strip())
                .filter(text -> status == 200 && VERSION.matcher(text).matches());
    }

    /** The list of models; empty if the body is not one. */
    Optional<JsonNode> models() {
        try {
            return Optional.of(JSON.readTree(body)).filter(json -> status == 200 && json.isArray());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    boolean unauthorized() {
        return status == 401 || status == 403;
    }

    /** Status, type and the beginning of the body, on one line. */
    String summary() {
        String text = body.strip().replaceAll("\\s+|\\p{Cntrl}+", " ");
        String shown = text.length() > CHARACTERS_SHOWN ? text.substring(0, CHARACTERS_SHOWN) + "..." : text;
        return status + " (" + type + ")" + (shown.isEmpty() ? "" : ": " + shown);
    }
}
