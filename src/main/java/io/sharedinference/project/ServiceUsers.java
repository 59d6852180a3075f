package io.sharedinference.project;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Service users of a tenant in the shared IAM. Usually one, named like the tenant. A service user has a single token, so a
 * token rotation adds a second one, with the tenant's name and a number from 2 on.
 *
 * @param names never empty; the last one's token is exported
 */
public record ServiceUsers(String tenant, List<String> names) {

    /** Name prefix of a service user's Secret in the shared namespace, followed by the user's name. */
    public static final String SECRET_PREFIX = "pharia-iam-service-user-";

    private static final int FIRST_SUCCESSOR = 2;
    private static final Pattern SUCCESSOR = Pattern.compile("(.+)-([2-9]|[1-9][0-9]{1,5})");

    public ServiceUsers {
        names = List.copyOf(names);
    }

    static ServiceUsers initial(String tenant) {
        return new ServiceUsers(tenant, List.of(tenant));
    }

    /** The service user whose token is exported. */
    public String current() {
        return names.get(names.size() - 1);
    }

    /** Name of the next service user. Earlier names are not reused, since their Secrets may still exist. */
    public String next() {
        return tenant + "-" + (names.stream().mapToInt(this::generation).max().orElseThrow() + 1);
    }

    /** Whether this is the name of a former service user of the tenant. */
    public boolean isFormer(String name) {
        return belongsTo(tenant, name) && !names.contains(name);
    }

    /** Names that service users of the tenant may have, for messages. */
    static String examples(String tenant) {
        return tenant + ", " + tenant + "-2, " + tenant + "-3, ...";
    }

    /** Whether a service user of the tenant may have this name. */
    static boolean belongsTo(String tenant, String name) {
        return name.equals(tenant) || tenantOfSuccessor(name).equals(Optional.of(tenant));
    }

    /** The tenant whose rotation may create this service user; empty for a name without a number. */
    static Optional<String> tenantOfSuccessor(String name) {
        var successor = SUCCESSOR.matcher(name);
        return successor.matches() ? Optional.of(successor.group(1)) : Optional.empty();
    }

    private int generation(String name) {
        return name.equals(tenant) ? FIRST_SUCCESSOR - 1 : Integer.parseInt(name.substring(tenant.length() + 1));
    }
}
