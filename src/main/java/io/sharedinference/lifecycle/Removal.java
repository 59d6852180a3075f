package io.sharedinference.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import io.sharedinference.config.StackFiles;
import io.sharedinference.release.Token;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Removes a tenant: its stack, its service users, and the doubt whether its token still works. */
public final class Removal {

    private final Place place;
    private final String stack;
    private final String tenant;
    private final String shared;
    private final SharedUsers users;
    private final Retiring retiring;

    /** @param sharedStack plain name; of use where the tenant's own file, which names it, is gone already */
    public Removal(Place place, String stack, String sharedStack) {
        this.place = place;
        this.stack = stack;
        var config = place.tenant(stack);
        this.tenant = config.map(found -> found.tenant()).orElse(stack);
        this.shared =
                config.map(found -> StackFiles.plainName(found.sharedStack())).orElse(sharedStack);
        this.users = new SharedUsers(place, shared, tenant);
        this.retiring = new Retiring(place, stack);
    }

    public String tenant() {
        return tenant;
    }

    public void run(Progress progress) {
        boolean there = place.engine().stacks().contains(stack) && place.hasFile(stack);
        List<Token> tokens = there ? remembered() : users.tokens(users());
        if (there && hasResources()) {
            progress.step("destroy stack " + stack, this::destroy);
        }
        progress.step("take " + tenant + "'s service users out of Pulumi." + shared + ".yaml", listener -> {
            users.remove();
            return "";
        });
        var installation = place.shared(shared).installation();
        progress.step("up stack " + shared, new Deployment(place, shared, installation)::up);
        progress.step("prove that the old token is dead", listener -> prove(tokens));
        progress.step("remove stack " + stack, listener -> removeStack());
    }

    /** What is kept from a run that was killed, and what is in the cluster now. */
    private List<Token> remembered() {
        List<Token> kept = retiring.tokens();
        List<Token> live = users.tokens(users());
        if (kept.containsAll(live)) {
            return kept;
        }
        List<Token> all = Stream.concat(kept.stream(), live.stream()).distinct().toList();
        retiring.remember(all);
        return all;
    }

    private List<String> users() {
        return users.secrets().stream().map(SharedUsers::userOf).toList();
    }

    private boolean hasResources() {
        for (JsonNode resource : place.engine().state(stack).at("/deployment/resources")) {
            if (!resource.path("type").asText().equals("pulumi:pulumi:Stack")) {
                return true;
            }
        }
        return false;
    }

    private String destroy(Consumer<String> listener) {
        return new Deployment(place, stack, place.tenant(stack).orElseThrow().installation()).destroy(listener);
    }

    private String prove(List<Token> tokens) {
        List<String> left = users.secrets();
        if (!left.isEmpty()) {
            throw new LifecycleException("the shared installation still has the Secrets " + left
                    + ". Look whether a values file lists these service users.");
        }
        return tokens.isEmpty()
                ? "its Secret is gone; an earlier run left no token to try"
                : new Revocation(place, shared).prove(tokens);
    }

    private String removeStack() {
        boolean there = place.engine().stacks().contains(stack);
        if (there) {
            place.engine().remove(stack);
        }
        place.files().delete(stack);
        retiring.forget();
        return there ? "" : "it was gone already";
    }
}
