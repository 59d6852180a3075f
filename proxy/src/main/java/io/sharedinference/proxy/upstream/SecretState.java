package io.sharedinference.proxy.upstream;

/** Whether the mounted Secret is usable. */
public sealed interface SecretState {
    /** The URL and the token are valid. */
    record Usable(Target target) implements SecretState {}

    /** Missing, empty or invalid: nothing is forwarded. */
    record Unusable(String reason) implements SecretState {}

    /** Whether both have the same content. */
    default boolean same(SecretState other) {
        return switch (this) {
            case Usable(Target mine) -> other instanceof Usable(Target theirs) && mine.same(theirs);
            case Unusable unusable -> unusable.equals(other);
        };
    }
}
