package io.sharedinference.standins.iam;

import java.util.List;
import java.util.Optional;

/** A user with a token. Service users have no email address. */
record User(String sub, Optional<String> email, List<Permission> permissions, TokenHash token) {
    boolean has(Permission requested) {
        return permissions.stream().anyMatch(permission -> permission.covers(requested));
    }
}
