package io.sharedinference.review;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What a preview says of one resource.
 *
 * @param type       as Pulumi names it, like {@code kubernetes:helm.sh/v3:Release}
 * @param protect    whether the resource is protected as it stands, so that the engine refuses to delete it
 * @param properties inputs that differ; empty for what is created or deleted as a whole
 */
public record Change(Operation operation, String type, String name, boolean protect, List<Property> properties) {

    public Change {
        requireNonNull(operation);
        requireNonNull(type);
        requireNonNull(name);
        properties = List.copyOf(properties);
    }

    /**
     * One input, or one output of a stack.
     *
     * @param before empty where it wasn't there; as a text, shortened, and masked when it is secret
     * @param after  empty where it will not be there
     */
    public record Property(String path, Optional<String> before, Optional<String> after) {

        public Property {
            requireNonNull(path);
            requireNonNull(before);
            requireNonNull(after);
        }
    }
}
