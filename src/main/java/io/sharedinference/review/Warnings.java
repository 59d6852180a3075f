package io.sharedinference.review;

import io.sharedinference.program.SharedOutputs;
import io.sharedinference.program.TenantOutputs;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Warnings about a review, most severe first. */
final class Warnings {

    private static final Pattern SERVICE_USER = Pattern.compile("values[.\\[].*serviceUsers[.\\[]\"?([\\w-]+)\"?]?");
    private static final Pattern TOKEN_KEY = Pattern.compile("(?:data|stringData)[.\\[].*token.*");

    private Warnings() {}

    static List<String> of(Review review) {
        return Stream.of(
                        review.changes().stream().flatMap(Warnings::protectedObject),
                        review.changes().stream().flatMap(Warnings::replacedOrDeleted),
                        review.outputs().stream().flatMap(Warnings::outputToken),
                        review.changes().stream().flatMap(Warnings::token))
                .flatMap(warnings -> warnings)
                .distinct()
                .toList();
    }

    private static Stream<String> protectedObject(Change change) {
        return change.protect() && (change.operation() == Operation.DELETE || change.operation() == Operation.REPLACE)
                ? Stream.of("**Protected:** " + name(change) + " would be " + past(change)
                        + ", but Pulumi refuses to delete protected resources.")
                : Stream.empty();
    }

    private static Stream<String> replacedOrDeleted(Change change) {
        return switch (change.operation()) {
            case REPLACE ->
                Stream.of("**Replacement:** " + name(change)
                        + " is deleted and recreated; it is unavailable in between." + because(change));
            case DELETE -> Stream.of("**Deletion:** " + name(change) + ".");
            case CREATE, UPDATE, IMPORT -> Stream.empty();
        };
    }

    private static String because(Change change) {
        var paths = change.properties().stream()
                .map(property -> MarkdownText.code(property.path()))
                .toList();
        return paths.isEmpty() ? "" : " Because of " + String.join(", ", paths) + ".";
    }

    private static Stream<String> outputToken(Change.Property output) {
        boolean fingerprint = output.path().equals(TenantOutputs.TOKEN_FINGERPRINT);
        if (fingerprint && output.after().equals(Optional.of(PropertyPath.KNOWN_AFTER_UPDATE))) {
            return Stream.of(
                    "**Token:** the tenant's token does not exist yet. Run `pulumi up` of the shared stack first, which"
                            + " creates it.");
        }
        if (fingerprint && output.before().isPresent()) {
            return Stream.of("**Token:** the tenant gets a new token; its fingerprint changes from "
                    + MarkdownText.code(output.before().get()) + " to "
                    + MarkdownText.code(output.after().orElse("none")) + ".");
        }
        return SharedOutputs.tokenOwner(output.path())
                .filter(tenant -> output.before().isPresent() && output.after().isEmpty())
                .map(Warnings::revoked)
                .stream();
    }

    private static Stream<String> token(Change change) {
        return change.properties().stream().flatMap(property -> token(change, property).stream());
    }

    private static Optional<String> token(Change change, Change.Property property) {
        var user = SERVICE_USER.matcher(property.path());
        if (user.matches() && property.after().isEmpty()) {
            return Optional.of(revoked(user.group(1)));
        }
        return change.operation() == Operation.UPDATE
                        && change.type().endsWith(":Secret")
                        && TOKEN_KEY.matcher(property.path()).matches()
                ? Optional.of("**Token:** " + name(change) + " gets a new token.")
                : Optional.empty();
    }

    private static String revoked(String tenant) {
        return "**Token:** the service user " + MarkdownText.code(tenant)
                + " is removed and its token revoked. Remove the tenant's stack first.";
    }

    private static String past(Change change) {
        return change.operation() == Operation.DELETE ? "deleted" : "replaced";
    }

    private static String name(Change change) {
        return MarkdownText.code(change.type() + " " + change.name());
    }
}
