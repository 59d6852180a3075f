package io.sharedinference.review;

import com.pulumi.automation.OperationType;
import java.util.Locale;
import java.util.Optional;

/** A change of a resource, in the order of summaries. */
public enum Operation {
    REPLACE('!'),
    DELETE('-'),
    CREATE('+'),
    UPDATE('!'),
    IMPORT('+');

    private final char sign;

    Operation(char sign) {
        this.sign = sign;
    }

    /** Empty for steps without a change, and for the parts of a replacement, which has a step of its own. */
    static Optional<Operation> of(OperationType type) {
        return switch (type) {
            case CREATE -> Optional.of(CREATE);
            case UPDATE -> Optional.of(UPDATE);
            case DELETE -> Optional.of(DELETE);
            case REPLACE -> Optional.of(REPLACE);
            case IMPORT, IMPORT_REPLACEMENT -> Optional.of(IMPORT);
            case UNKNOWN,
                    SAME,
                    CREATE_REPLACEMENT,
                    DELETE_REPLACED,
                    READ,
                    READ_REPLACEMENT,
                    REFRESH,
                    READ_DISCARD,
                    DISCARD_REPLACED,
                    REMOVE_PENDING_REPLACE -> Optional.empty();
        };
    }

    /** First character of a line in a diff, which sets the color of the line. */
    char sign() {
        return sign;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
