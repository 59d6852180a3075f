package io.sharedinference.review;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A previewed change of one resource.
 *
 * @param type       Pulumi's type token, for example {@code kubernetes:helm.sh/v3:Release}
 * @param protect    whether the deployed resource is protected, so that the engine refuses to delete it
 * @param properties changed inputs; empty for created and deleted resources
 */
public record Change(Operation operation, String type, String name, boolean protect, List<Property> properties) {

    public Change {
        requireNonNull(operation);
        requireNonNull(type);
        requireNonNull(name);
        properties = List.copyOf(properties);
    }

    /**
     * A changed input, or output of a stack. Values are truncated, and masked if secret.
     *
     * @param before empty if added
     * @param after  empty if removed
     */
    public record Property(String path, Optional<String> before, Optional<String> after) {

        public Property {
            requireNonNull(path);
            requireNonNull(before);
            requireNonNull(after);
        }
    }
}
