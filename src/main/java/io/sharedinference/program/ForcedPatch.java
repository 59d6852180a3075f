package io.sharedinference.program;

import java.util.Map;

/**
 * Annotation for objects that only this program manages. With it, {@code up --refresh} reverts edits made with kubectl; without
 * it, server-side apply fails with a field manager conflict.
 */
final class ForcedPatch {

    static final Map<String, String> ANNOTATIONS = Map.of("pulumi.com/patchForce", "true");

    private ForcedPatch() {}
}
