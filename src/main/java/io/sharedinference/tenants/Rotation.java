package io.sharedinference.tenants;

import io.sharedinference.kubernetes.Cluster;
import io.sharedinference.project.Key;
import io.sharedinference.project.ServiceUsers;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.secrets.Token;
import io.sharedinference.verify.ApiEndpoint;
import io.sharedinference.verify.TokenCheck;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Rotates a tenant's token without downtime: adds a second service user, and removes the first one when every proxy uses the
 * new token. The files hold the progress of an interrupted run: two service users are a rotation in progress, and a pending
 * revocation is still to be confirmed.
 */
public final class Rotation {

    private final Project project;
    private final String stack;
    private final Optional<String> proxyFingerprint;
    private final Optional<Token> user;
    private final Optional<TenantConfig> config;
    private final TokenRoute route;
    private final TenantServiceUsers users;
    private final PendingRevocations pending;

    /**
     * @param stack            the tenant's stack; if it is in another project, the tenant's name
     * @param proxyFingerprint token fingerprint that the proxies of a tenant in another project report
     * @param user             token of a user of the tenant, for a request through the proxy before the old token is revoked
     */
    public Rotation(Project project, String stack, Optional<String> proxyFingerprint, Optional<Token> user) {
        this.project = project;
        this.stack = stack;
        this.proxyFingerprint = proxyFingerprint;
        this.user = user;
        this.config = project.tenant(stack);
        this.route = config.map(project::route)
                .or(() -> project.handoverRoute(stack))
                .orElseThrow(() -> new LifecycleException(
                        "tenant " + stack + " not found: this project has neither Pulumi." + stack
                                + ".yaml nor a hand-over stack for it.\nFix: list the tenants with ./tenant list."));
        this.users = new TenantServiceUsers(
                project, route.shared(), config.map(TenantConfig::tenant).orElse(stack));
        this.pending = new PendingRevocations(
                project, config.isPresent() ? stack : route.handover().orElseThrow());
    }

    public void run(Progress progress) {
        project.exclusively(stack, () -> {
            rotate(progress);
            return stack;
        });
    }

    private void rotate(Progress progress) {
        if (!onlyConfirmationPending()) {
            progress.step("add a second service user to " + sharedFile(), listener -> addSecondUser());
            Deployment.up(project, route.shared(), progress);
            route.handover().ifPresent(handover -> handOver(progress, handover));
            config.ifPresentOrElse(
                    own -> deploy(progress, own),
                    () -> progress.step(
                            "check that the proxies of " + stack + " use the new token",
                            listener -> checkFingerprint()));
            progress.step("remove the first service user from " + sharedFile(), listener -> removeFirstUser());
        }
        Deployment.up(project, route.shared(), progress);
        progress.step("confirm that the old token is revoked", listener -> confirmRevocation());
    }

    private void handOver(Progress progress, String handover) {
        progress.step("set the service user in Pulumi." + handover + ".yaml", listener -> {
            String current = listed().current();
            project.files()
                    .editable(handover)
                    .edit(text -> text.set(project.files().path(text, Key.SERVICE_USER.key()), current));
            return "";
        });
        Deployment.up(project, handover, progress);
    }

    private void deploy(Progress progress, TenantConfig own) {
        Deployment.up(project, stack, progress);
        if (own.image().isPresent()) {
            progress.step("wait until every proxy uses the new token", listener -> awaitProxies(own, listener));
        } else {
            progress.step("restart the chart's proxy", listener -> restartProxies(own, listener));
        }
        user.ifPresent(token ->
                progress.step("send a request through the proxy", listener -> requestThroughProxy(own, token)));
    }

    /** Proxies of another project cannot be reached from here, so the user passes the fingerprint that they report. */
    private String checkFingerprint() {
        String fingerprint = newFingerprint();
        if (!proxyFingerprint.filter(fingerprint::equals).isPresent()) {
            throw new LifecycleException("the old token of tenant " + stack
                    + " is not revoked yet: the stack of the tenant"
                    + " is in another project, and its proxies are not confirmed to use the new token " + fingerprint
                    + ".\nFix: have the tenant's operators run pulumi up. When /metrics of each of their proxies reports "
                    + fingerprint + ", run ./tenant rotate " + stack + " --proxy-fingerprint " + fingerprint + ".");
        }
        return fingerprint;
    }

    /** Whether an earlier run left only the removal of the old service user to be deployed and confirmed. */
    private boolean onlyConfirmationPending() {
        var names = listed().names();
        var tokens = pending.tokens();
        return names.size() == 1 && !tokens.isEmpty() && !tokens.containsAll(users.tokens(names));
    }

    private String addSecondUser() {
        var names = listed().names();
        var old = users.tokens(names.subList(0, 1));
        if (old.isEmpty()) {
            throw new LifecycleException("tenant " + stack + " has no token to rotate: the Secret of service user "
                    + names.get(0) + " does not exist in the shared installation.\nFix: run pulumi up -s "
                    + route.shared() + ", then run the same command again.");
        }
        if (names.size() == 1) {
            users.set(List.of(names.get(0), listed().next())); // may be rejected, so it comes first
        }
        if (!pending.tokens().equals(old)) {
            pending.save(old);
        }
        return listed().current();
    }

    private String awaitProxies(TenantConfig own, Consumer<String> listener) {
        try (Cluster cluster = project.cluster(own.installation().cluster())) {
            return new Proxies(cluster, own).await(newFingerprint(), listener);
        }
    }

    private String restartProxies(TenantConfig own, Consumer<String> listener) {
        try (Cluster cluster = project.cluster(own.installation().cluster())) {
            return new Proxies(cluster, own).restart(listener);
        }
    }

    private String requestThroughProxy(TenantConfig own, Token token) {
        var url = own.installation().inferenceApiUrl();
        var result = project.tokenCheck().check(new ApiEndpoint(stack, url, token));
        if (result instanceof TokenCheck.Result.Accepted accepted) {
            return accepted.models() + " models";
        }
        var why = result instanceof TokenCheck.Result.Unknown unknown
                ? unknown.reason()
                : url + " refuses the user's token with 401";
        throw new LifecycleException("the new token of " + stack + " is not confirmed: " + why
                + ".\nFix: find the hop with ./tenant verify " + stack
                + " --token-file FILE, then run the same command again; the old token works until then.");
    }

    private String newFingerprint() {
        return users.token(listed().current()).fingerprint();
    }

    private String removeFirstUser() {
        var names = listed().names();
        if (names.size() > 1) {
            users.remove(names.get(0));
        }
        return "";
    }

    private String confirmRevocation() {
        List<Token> old = pending.tokens();
        String confirmation = new Revocation(project, route.shared()).confirm(old);
        pending.delete();
        return confirmation;
    }

    private String sharedFile() {
        return "Pulumi." + route.shared() + ".yaml";
    }

    private ServiceUsers listed() {
        return users.listed()
                .orElseThrow(
                        () -> new LifecycleException("tenant " + stack + " has no service user: it is not listed in "
                                + sharedFile() + ".\nFix: run ./tenant add " + stack + "."));
    }
}
