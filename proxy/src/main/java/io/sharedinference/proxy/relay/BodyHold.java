package io.sharedinference.proxy.relay;

import java.util.Optional;

/**
 * Why a request body is held before it is forwarded: to read its model, or to change it.
 *
 * @param maxBody bytes; a larger body is forwarded as it is
 * @param change changes it once it is complete
 */
record BodyHold(int maxBody, Optional<StreamUsage> change) {
    /** For a body that is held because of its model alone. The model often follows long messages. */
    static final int MAX_BODY_WITH_MODEL = 1024 * 1024;
}
