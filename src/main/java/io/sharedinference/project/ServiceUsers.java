package io.sharedinference.project;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tenant's service users in the shared IAM: usually one, named like the tenant. While its token is rotated there are two,
 * since a service user never has more than one token; a successor is named like the tenant with a number from 2 on.
 *
 * @param names the one whose token is handed out comes last; never empty
 */
public record ServiceUsers(String tenant, List<String> names) {

    /** What the name of a service user's Secret in the shared namespace begins with; the user's name follows. */
    public static final String SECRET_PREFIX = "pharia-iam-service-user-";

    private static final int FIRST_SUCCESSOR = 2;
    private static final Pattern SUCCESSOR = Pattern.compile("(.+)-([2-9]|[1-9][0-9]{1,5})");

    public ServiceUsers {
        names = List.copyOf(names);
    }

    static ServiceUsers only(String tenant) {
        return new ServiceUsers(tenant, List.of(tenant));
    }

    /** The one whose token is handed out. */
    public String current() {
        return names.get(names.size() - 1);
    }

    /** A name for a successor of the current one. No earlier user's: its Secret, and with it a known token, may still be there. */
    public String next() {
        return tenant + "-" + (names.stream().mapToInt(this::generation).max().orElseThrow() + 1);
    }

    /** Whether a service user of this name was the tenant's, and is no longer. */
    public boolean isFormer(String name) {
        return canBeOf(tenant, name) && !names.contains(name);
    }

    /** Whether a service user of this name may be the tenant's. */
    static boolean canBeOf(String tenant, String name) {
        return name.equals(tenant) || tenantOfSuccessor(name).equals(Optional.of(tenant));
    }

    /** The tenant that may give a successor this name; empty for a name without a number. */
    static Optional<String> tenantOfSuccessor(String name) {
        var successor = SUCCESSOR.matcher(name);
        return successor.matches() ? Optional.of(successor.group(1)) : Optional.empty();
    }

    private int generation(String name) {
        return name.equals(tenant) ? FIRST_SUCCESSOR - 1 : Integer.parseInt(name.substring(tenant.length() + 1));
    }
}
