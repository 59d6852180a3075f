package io.sharedinference.tenants;

import io.sharedinference.project.TenantConfig;
import io.sharedinference.secrets.Token;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Removes a tenant: its stack and its service users, and confirms that its tokens are revoked. */
public final class Removal {

    private final Project project;
    private final String stack;
    private final String tenant;
    private final TokenRoute route;
    private final boolean ownStack;
    private final String tokenStack;
    private final TenantServiceUsers users;
    private final PendingRevocations pending;

    /**
     * @param stack       the tenant's stack; if it is in another project, the tenant's name
     * @param sharedStack plain name, used if the tenant's own file, which names it, no longer exists
     */
    public Removal(Project project, String stack, String sharedStack) {
        this.project = project;
        this.stack = stack;
        var config = config();
        this.tenant = config.map(found -> found.tenant()).orElse(stack);
        this.route = config.filter(found -> project.hasFile(found.sharedStack().stack()))
                .map(project::route)
                .or(() -> project.handoverRoute(tenant))
                .orElse(new TokenRoute(sharedStack, Optional.empty())); // the hand-over stack may be removed already
        this.ownStack = config.isPresent()
                || route.handover().isEmpty()
                || project.engine().stacks().contains(stack);
        this.tokenStack = ownStack ? stack : route.handover().orElseThrow();
        this.users = new TenantServiceUsers(project, route.shared(), tenant);
        this.pending = new PendingRevocations(project, tokenStack);
    }

    /** Also empty for an invalid file that was never deployed, as an interrupted addition may leave. */
    private Optional<TenantConfig> config() {
        boolean broken =
                project.hasFile(stack) && !project.files().problems(stack).isEmpty();
        return broken && !(project.engine().stacks().contains(stack) && hasResources(stack))
                ? Optional.empty()
                : project.tenant(stack);
    }

    public String tenant() {
        return tenant;
    }

    /** Whether the installation is removed too; one of another project is kept. */
    public boolean removesInstallation() {
        return ownStack;
    }

    public void run(Progress progress) {
        project.exclusively(stack, () -> {
            remove(progress);
            return stack;
        });
    }

    private void remove(Progress progress) {
        boolean deployed = project.engine().stacks().contains(tokenStack) && project.hasFile(tokenStack);
        if (users.isOnlyProblem() && !(deployed && hasResources(tokenStack))) {
            removeUsers(progress); // it was never deployed: the program rejects an invalid file
            removeStacks(progress);
            return;
        }
        List<Token> tokens = deployed ? savedTokens() : users.tokens(users());
        if (ownStack && deployed) {
            destroy(progress, stack);
        }
        route.handover().filter(project.engine().stacks()::contains).ifPresent(handover -> destroy(progress, handover));
        removeUsers(progress);
        Deployment.up(project, route.shared(), progress);
        progress.step("confirm that the token is revoked", listener -> confirmRevocation(tokens));
        removeStacks(progress);
    }

    private void removeUsers(Progress progress) {
        progress.step(
                "remove the service users of " + tenant + " from Pulumi." + route.shared() + ".yaml", listener -> {
                    users.removeTenant();
                    return "";
                });
    }

    private void removeStacks(Progress progress) {
        route.handover()
                .ifPresent(handover -> progress.step("remove stack " + handover, listener -> removeHandover(handover)));
        progress.step("remove stack " + stack, listener -> removeStack());
    }

    private void destroy(Progress progress, String stack) {
        if (hasResources(stack)) {
            progress.step("destroy stack " + stack, new Deployment(project, stack)::destroy);
        }
    }

    /** The tokens of an interrupted run and those in the cluster, saved until they are revoked. */
    private List<Token> savedTokens() {
        List<Token> saved = pending.tokens();
        List<Token> live = users.tokens(users());
        if (saved.containsAll(live)) {
            return saved;
        }
        List<Token> all =
                Stream.concat(saved.stream(), live.stream()).distinct().toList();
        pending.save(all);
        return all;
    }

    private List<String> users() {
        return users.secrets().stream().map(TenantServiceUsers::userOf).toList();
    }

    /** A hand-over stack has only outputs, held by its root stack resource. */
    private boolean hasResources(String stack) {
        return !project.engine().state(stack).at("/deployment/resources").isEmpty();
    }

    /** After the confirmation: its key may have encrypted the saved tokens. */
    private String removeHandover(String handover) {
        if (project.engine().stacks().contains(handover)) {
            project.remove(handover);
        }
        project.files().delete(handover);
        return "";
    }

    private String confirmRevocation(List<Token> tokens) {
        List<String> remaining = users.secrets();
        if (!remaining.isEmpty()) {
            throw new LifecycleException("the service users of tenant " + tenant
                    + " still exist in the shared installation: it has the Secrets " + String.join(", ", remaining)
                    + ".\nFix: remove them from the values files of stack " + route.shared()
                    + ", then run the same command again.");
        }
        String confirmation = tokens.isEmpty()
                ? "no token is left to check: its Secret no longer exists"
                : new Revocation(project, route.shared()).confirm(tokens);
        pending.delete();
        return confirmation;
    }

    private String removeStack() {
        if (!ownStack) {
            return "in another project; its operators run pulumi destroy there";
        }
        boolean exists = project.engine().stacks().contains(stack);
        if (exists) {
            project.remove(stack);
        }
        project.files().delete(stack);
        return exists ? "" : "already removed";
    }
}
