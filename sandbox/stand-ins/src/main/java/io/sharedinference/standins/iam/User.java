package io.sharedinference.standins.iam;

import java.util.List;
import java.util.Optional;

/** The holder of a token; a service user has no e-mail address. */
record User(String sub, Optional<String> email, List<Permission> permissions, TokenHash token) {
    boolean has(Permission asked) {
        return permissions.stream().anyMatch(permission -> permission.covers(asked));
    }
}
