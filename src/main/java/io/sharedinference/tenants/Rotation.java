package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.secrets.Token;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives a tenant a new token with no request refused in between: a second service user beside the first, and the first one
 * removed when every proxy uses the second one's token. Where a run that was killed came to is read from the files: two
 * service users are a rotation that is under way, and a token that is being retired wants its proof.
 */
public final class Rotation {

    private final Project project;
    private final String stack;
    private final Optional<String> takenUp;
    private final Optional<TenantConfig> config;
    private final TokenRoute route;
    private final SharedUsers users;
    private final PendingRevocations retiring;

    /**
     * @param stack   the tenant's, or where its own is in another project, the tenant's name
     * @param takenUp fingerprint of the token that the proxies of such a tenant send, as its people say
     */
    public Rotation(Project project, String stack, Optional<String> takenUp) {
        this.project = project;
        this.stack = stack;
        this.takenUp = takenUp;
        this.config = project.tenant(stack);
        this.route = config.map(project::route)
                .or(() -> project.handedOver(stack))
                .orElseThrow(() -> new LifecycleException("there is no file Pulumi." + stack
                        + ".yaml, and no hand-over stack for " + stack
                        + ". ./tenant list names the tenants there are."));
        this.users = new SharedUsers(
                project, route.shared(), config.map(TenantConfig::tenant).orElse(stack));
        this.retiring = new PendingRevocations(
                project, config.isPresent() ? stack : route.handover().orElseThrow());
    }

    public void run(Progress progress) {
        project.alone(stack, () -> {
            rotate(progress);
            return stack;
        });
    }

    private void rotate(Progress progress) {
        if (!lastStepsLeft()) {
            progress.step("second service user in Pulumi." + route.shared() + ".yaml", listener -> begin());
            progress.step("up stack " + route.shared(), new Deployment(project, route.shared())::up);
            route.handover().ifPresent(handover -> handOver(progress, handover));
            config.ifPresentOrElse(
                    own -> takeUp(progress, own),
                    () -> progress.step("new token taken up by " + stack + "'s people", listener -> confirmed()));
            progress.step("first service user out of Pulumi." + route.shared() + ".yaml", listener -> end());
        }
        progress.step("up stack " + route.shared(), new Deployment(project, route.shared())::up);
        progress.step("prove that the old token is dead", listener -> prove());
    }

    private void handOver(Progress progress, String handover) {
        progress.step("its token in Pulumi." + handover + ".yaml", listener -> {
            String current = listed().current();
            project.files()
                    .editable(handover)
                    .edit(text -> text.set(project.files().path(text, "serviceUser"), current));
            return "";
        });
        progress.step("up stack " + handover, new Deployment(project, handover)::up);
    }

    private void takeUp(Progress progress, TenantConfig own) {
        progress.step("up stack " + stack, new Deployment(project, stack)::up);
        progress.step("new token in every proxy", listener -> awaitProxies(own, listener));
    }

    /** Proxies that can't be seen from here: that they have the new token is said by whoever knows its fingerprint from them. */
    private String confirmed() {
        String fingerprint = newFingerprint();
        if (!takenUp.filter(fingerprint::equals).isPresent()) {
            throw new LifecycleException("the new token " + fingerprint
                    + " is handed over, and the old one still works: "
                    + stack + "'s own stack isn't in this project. Have its people run pulumi up there, and look at the"
                    + " /metrics of each of their proxies for " + fingerprint + ". Then ./tenant rotate " + stack
                    + " --taken-up " + fingerprint + " ends the old token.");
        }
        return fingerprint;
    }

    /** Whether an earlier run came to where only the old service user's removal has to be carried out and proven. */
    private boolean lastStepsLeft() {
        var names = listed().names();
        var kept = retiring.tokens();
        return names.size() == 1 && !kept.isEmpty() && !kept.containsAll(users.tokens(names));
    }

    private String begin() {
        var names = listed().names();
        var old = users.tokens(names.subList(0, 1));
        if (old.isEmpty()) {
            throw new LifecycleException("the shared installation has no Secret of the service user " + names.get(0)
                    + ", so there is no token to rotate. Run pulumi up -s " + route.shared() + ".");
        }
        if (names.size() == 1) {
            users.set(List.of(names.get(0), listed().next())); // may be refused, so it comes first
        }
        if (!retiring.tokens().equals(old)) {
            retiring.remember(old);
        }
        return listed().current();
    }

    private String awaitProxies(TenantConfig own, Consumer<String> listener) {
        try (Cluster cluster = project.cluster(own.installation().cluster())) {
            return new Proxies(cluster, own).await(newFingerprint(), listener);
        }
    }

    private String newFingerprint() {
        return users.token(listed().current()).fingerprint();
    }

    private String end() {
        var names = listed().names();
        if (names.size() > 1) {
            users.drop(names.get(0));
        }
        return "";
    }

    private String prove() {
        List<Token> old = retiring.tokens();
        String proof = new Revocation(project, route.shared()).prove(old);
        retiring.forget();
        return proof;
    }

    private ServiceUsers listed() {
        return users.listed()
                .orElseThrow(() -> new LifecycleException("tenant " + stack + " isn't listed in Pulumi."
                        + route.shared() + ".yaml. ./tenant add " + stack + " does that."));
    }
}
