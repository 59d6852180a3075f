package io.sharedinference.project;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Role of a stack. */
public enum Role {
    SHARED,
    TENANT,
    HANDOVER;

    static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
