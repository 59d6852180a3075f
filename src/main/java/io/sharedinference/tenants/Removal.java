package io.sharedinference.tenants;

import io.sharedinference.project.StackFiles;
import io.sharedinference.project.TenantConfig;
import io.sharedinference.secrets.Token;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Removes a tenant: its stack, its service users, and the doubt whether its token still works. */
public final class Removal {

    private final Project project;
    private final String stack;
    private final String tenant;
    private final TokenRoute route;
    private final boolean own;
    private final String keeper;
    private final TenantServiceUsers users;
    private final PendingRevocations pending;

    /**
     * @param stack       the tenant's, or where its own is in another project, the tenant's name
     * @param sharedStack plain name; of use where the tenant's own file, which names it, is gone already
     */
    public Removal(Project project, String stack, String sharedStack) {
        this.project = project;
        this.stack = stack;
        var config = config();
        this.tenant = config.map(found -> found.tenant()).orElse(stack);
        this.route = config.filter(found -> project.hasFile(StackFiles.plainName(found.sharedStack())))
                .map(project::route)
                .or(() -> project.handoverRoute(tenant))
                .orElse(new TokenRoute(sharedStack, Optional.empty())); // the hand-over stack may be gone already
        this.own = config.isPresent()
                || route.handover().isEmpty()
                || project.engine().stacks().contains(stack);
        this.keeper = own ? stack : route.handover().orElseThrow();
        this.users = new TenantServiceUsers(project, route.shared(), tenant);
        this.pending = new PendingRevocations(project, keeper);
    }

    /** Empty too for a file with mistakes from which nothing was deployed: that much an addition may have left. */
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

    /** Whether its installation goes as well; one of another project stays. */
    public boolean own() {
        return own;
    }

    public void run(Progress progress) {
        project.exclusively(stack, () -> {
            remove(progress);
            return stack;
        });
    }

    private void remove(Progress progress) {
        boolean there = project.engine().stacks().contains(keeper) && project.hasFile(keeper);
        if (users.invalidateFile() && !(there && hasResources(keeper))) {
            takeOut(progress); // it has no service user: the program refuses such a file
            removeStacks(progress);
            return;
        }
        List<Token> tokens = there ? remembered() : users.tokens(users());
        if (own && there) {
            destroy(progress, stack);
        }
        route.handover().filter(project.engine().stacks()::contains).ifPresent(handover -> destroy(progress, handover));
        takeOut(progress);
        Deployment.up(project, route.shared(), progress);
        progress.step("confirm that the token is revoked", listener -> confirmRevocation(tokens));
        removeStacks(progress);
    }

    private void takeOut(Progress progress) {
        progress.step("take " + tenant + "'s service users out of Pulumi." + route.shared() + ".yaml", listener -> {
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

    /** What is kept from a run that was killed, and what is in the cluster now. */
    private List<Token> remembered() {
        List<Token> kept = pending.tokens();
        List<Token> live = users.tokens(users());
        if (kept.containsAll(live)) {
            return kept;
        }
        List<Token> all = Stream.concat(kept.stream(), live.stream()).distinct().toList();
        pending.save(all);
        return all;
    }

    private List<String> users() {
        return users.secrets().stream().map(TenantServiceUsers::userOf).toList();
    }

    /** A hand-over stack has outputs alone; they go with the one resource that is the stack itself. */
    private boolean hasResources(String stack) {
        return !project.engine().state(stack).at("/deployment/resources").isEmpty();
    }

    /** After the proof, since its key may be the one that the tokens are kept with. */
    private String removeHandover(String handover) {
        if (project.engine().stacks().contains(handover)) {
            project.remove(handover);
        }
        project.files().delete(handover);
        return "";
    }

    private String confirmRevocation(List<Token> tokens) {
        List<String> left = users.secrets();
        if (!left.isEmpty()) {
            throw new LifecycleException("the shared installation still has the Secrets " + left
                    + ". Look whether a values file lists these service users.");
        }
        String proof = tokens.isEmpty()
                ? "its Secret is gone; an earlier run left no token to try"
                : new Revocation(project, route.shared()).confirm(tokens);
        pending.delete();
        return proof;
    }

    private String removeStack() {
        if (!own) {
            return "it isn't in this project; its people run pulumi destroy where it is";
        }
        boolean there = project.engine().stacks().contains(stack);
        if (there) {
            project.remove(stack);
        }
        project.files().delete(stack);
        return there ? "" : "it was gone already";
    }
}
