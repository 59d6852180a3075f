package io.sharedinference.proxy.upstream;

/** Whether the mounted Secret can be used. */
public sealed interface SecretState {
    /** Both files are there and make sense. */
    record Usable(Target target) implements SecretState {
    }

    /** Missing, empty or wrong: nothing may be forwarded. */
    record Unusable(String reason) implements SecretState {
    }

    /** Whether a reader could tell the two apart. */
    default boolean same(SecretState other) {
        return switch (this) {
            case Usable(Target mine) -> other instanceof Usable(Target theirs) && mine.same(theirs);
            case Unusable unusable -> unusable.equals(other);
        };
    }
}
