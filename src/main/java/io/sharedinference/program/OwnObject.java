package io.sharedinference.program;

import java.util.Map;

/**
 * Metadata of an object that this program alone declares. What somebody edited in it with kubectl is put back by the next
 * {@code up --refresh}; without the annotation that ends in a conflict of field managers.
 */
final class OwnObject {

    static final Map<String, String> ANNOTATIONS = Map.of("pulumi.com/patchForce", "true");

    private OwnObject() {}
}
